/**
 * What a page finds changed before it begins. These functions run in the page: they are sent there as
 * text, so that each is whole by itself.
 */

/** A screen that shows a picture once a period, ms: the CPU that draws them has other work too. */
export function drawSeldom(period: number): void {
  const ask = window.requestAnimationFrame.bind(window);
  const forget = window.cancelAnimationFrame.bind(window);
  let last = 0;
  /** By the number that was given out: what a request has come to. */
  const cancels = new Map<number, () => void>();
  window.requestAnimationFrame = (draw) => {
    const number = cancels.size === 0 ? 1 : Math.max(...cancels.keys()) + 1;
    const timer = setTimeout(
      () => {
        const request = ask((now) => {
          cancels.delete(number);
          last = now;
          draw(now);
        });
        cancels.set(number, () => forget(request));
      },
      last + period - performance.now(),
    );
    cancels.set(number, () => clearTimeout(timer));
    return number;
  };
  window.cancelAnimationFrame = (number) => {
    cancels.get(number)?.();
    cancels.delete(number);
  };
}

/** A browser that draws nothing in three dimensions. */
export function withoutWebGl(): void {
  const whole = HTMLCanvasElement.prototype.getContext;
  const lesser = function (this: HTMLCanvasElement, kind: string, options?: unknown) {
    return /webgl/i.test(kind) ? null : Reflect.apply(whole, this, [kind, options]);
  };
  Object.defineProperty(HTMLCanvasElement.prototype, 'getContext', { value: lesser });
}

/** A gamepad whose left stick is pushed to the upper left. */
export function withGamepad(): void {
  const rest = { pressed: false, touched: false, value: 0 };
  const pad = {
    id: 'Standard gamepad',
    index: 0,
    connected: true,
    mapping: 'standard',
    axes: [-0.6, -0.4, 0, 0],
    buttons: Array.from({ length: 17 }, () => rest),
    timestamp: 0,
    vibrationActuator: null,
  };
  Object.defineProperty(navigator, 'getGamepads', { value: () => [pad, null, null, null] });
  addEventListener('load', () => dispatchEvent(new Event('gamepadconnected')));
}

/** What puts pixels on a WebGL canvas. */
export const DRAWING = [
  ...['clear', 'drawArrays', 'drawArraysInstanced', 'drawElements', 'drawElementsInstanced'],
] as const;

/** In a page whose views are drawn only while they are looked at. */
export interface Undrawn {
  undrawn?: {
    wanted: boolean;
    /** Calls that have put something on a canvas since it was wanted. */
    calls: number;
  };
}

/** Views that draw nothing until it is wanted. */
export function leaveUndrawn(names: readonly string[]): void {
  const undrawn = { wanted: false, calls: 0 };
  (globalThis as Undrawn).undrawn = undrawn;
  const methods = WebGL2RenderingContext.prototype as unknown as Record<
    string,
    (...args: unknown[]) => void
  >;
  for (const name of names) {
    const draw = methods[name];
    methods[name] = function (...args: unknown[]) {
      if (!undrawn.wanted) return;
      undrawn.calls++;
      draw.apply(this, args);
    };
  }
}

/**
 * Lets the views of a page with `leaveUndrawn` be drawn, and waits until they are.
 *
 * @param within the longest wait, ms: a page may have no views, or stand still
 */
export async function showDrawn(within: number): Promise<void> {
  const { undrawn } = globalThis as Undrawn;
  if (!undrawn) return;
  undrawn.wanted = true;
  const place = document.querySelector<HTMLElement>('.stage-canvas');
  if (!place?.querySelector('canvas')) return;
  const deadline = performance.now() + within;
  // Views that stand still are drawn when their place changes: there, and back again.
  for (const width of ['calc(100% - 24px)', '']) {
    undrawn.calls = 0;
    place.style.width = width;
    while (undrawn.calls === 0 && performance.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Everything is drawn, and counted. */
export function drawAll(): void {
  const { undrawn } = globalThis as Undrawn;
  if (undrawn) undrawn.wanted = true;
}

/** What is drawn from now on is waited for by `drawn`. */
export function forgetDrawn(): void {
  const { undrawn } = globalThis as Undrawn;
  if (undrawn) undrawn.calls = 0;
}

/** Waits until something has been drawn since `forgetDrawn`, or for so many ms. */
export async function drawn(within: number): Promise<void> {
  const { undrawn } = globalThis as Undrawn;
  const deadline = performance.now() + within;
  while (undrawn?.calls === 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 30));
  }
}
