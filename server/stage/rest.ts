/**
 * Waits without keeping a process alive.
 *
 * @param milliseconds 0: until what waits in the queue of tasks has had its turn
 */
export function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    const timer: unknown = setTimeout(resolve, milliseconds);
    // In a browser a timer is a number, and keeps nothing alive.
    if (typeof timer === 'object') (timer as NodeJS.Timeout).unref();
  });
}
