import tf from '#tensorflow';

let last: Promise<unknown> = Promise.resolve();

/**
 * Runs `action` with a TensorFlow.js backend set. The backend is a global of TensorFlow.js, so
 * actions run one after the other.
 */
export function onBackend<T>(name: string, action: () => T | Promise<T>): Promise<T> {
  const result = last.then(async () => {
    await tf.setBackend(name);
    return action();
  });
  // The next action waits for this one to end, well or not; its error goes to its own caller.
  last = result.catch(() => undefined);
  return result;
}
