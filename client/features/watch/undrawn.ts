/**
 * Lets time pass where there is no picture to pass it with: the timeline, figures and curves go on.
 *
 * @param tick told the seconds since it was last called
 * @returns ends it
 */
export function passTime(tick: (seconds: number) => void): () => void {
  let last: number | null = null;
  const pass = (now: number) => {
    request = requestAnimationFrame(pass);
    if (last !== null) tick((now - last) / 1000);
    last = now;
  };
  let request = requestAnimationFrame(pass);
  return () => cancelAnimationFrame(request);
}
