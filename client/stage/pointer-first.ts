/** What becomes of a pointer on the stage. */
export interface PointerListeners {
  onDown(event: PointerEvent): void;
  onMove(event: PointerEvent): void;
  /** Let go, taken away by the browser, or captured by something else. */
  onEnd(event: PointerEvent): void;
  onLeave(): void;
}

/**
 * Hears of pointers on a canvas before the orbit controls, which would turn the camera.
 *
 * @returns stops it
 */
export function listenFirst(canvas: HTMLCanvasElement, listeners: PointerListeners): () => void {
  const abort = new AbortController();
  const { signal } = abort;
  const first = { signal, capture: true };
  const { onDown, onMove, onEnd, onLeave } = listeners;
  canvas.addEventListener('pointerdown', onDown, first);
  canvas.addEventListener('pointermove', onMove, first);
  for (const end of ['pointerup', 'pointercancel', 'lostpointercapture'] as const) {
    canvas.addEventListener(end, onEnd, first);
  }
  canvas.addEventListener('pointerleave', onLeave, { signal });
  return () => abort.abort();
}
