import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../../app.ts';
import { pageBeside, type Touch, turnOf } from './pages.ts';

/** One finger sideways over what it is put on turns from view to view, on a phone. */
export function useSwipe<E extends HTMLElement>() {
  const { view } = useApp();
  const element = useRef<E>(null);
  useEffect(() => {
    const swiped = element.current;
    if (!swiped) return undefined;
    let from: Touch | null = null;
    const abort = new AbortController();
    const options = { signal: abort.signal, passive: true };
    swiped.addEventListener(
      'touchstart',
      ({ touches, timeStamp }) => {
        const [finger] = touches;
        // A second one turns the camera.
        from =
          touches.length === 1 && view.isSwiped()
            ? { x: finger.clientX, y: finger.clientY, at: timeStamp }
            : null;
      },
      options,
    );
    swiped.addEventListener(
      'touchmove',
      () => {
        // It has a ball.
        if (view.dragging.peek()) from = null;
      },
      options,
    );
    swiped.addEventListener(
      'touchend',
      ({ changedTouches: [finger], timeStamp }) => {
        const turn = from && turnOf(from, { x: finger.clientX, y: finger.clientY, at: timeStamp });
        from = null;
        if (turn) view.focus.value = pageBeside(view.focus.peek(), turn);
      },
      options,
    );
    return () => abort.abort();
  }, [view]);
  return element;
}
