/**
 * One reading for all who ask while another is under way: what each gets was read after it asked,
 * and however many ask, there is never more than one reading and one that waits.
 */
export function shareReading<T>(read: () => Promise<T>): () => Promise<T> {
  let underway: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | null = null;
  return () => {
    next ??= underway.then(() => {
      next = null;
      const reading = read();
      // Whose reading it is hears why it failed; who comes after has one of its own.
      underway = reading.catch(() => undefined);
      return reading;
    });
    return next;
  };
}
