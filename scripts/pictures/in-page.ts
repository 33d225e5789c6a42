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
