/**
 * What a page finds changed before it begins. These functions run in the page: they are sent there as
 * text, so that each is whole by itself.
 */

/** A screen that shows a picture once a period, ms: the CPU that draws them has other work too. */
export function drawSeldom(period: number): void {
  const ask = window.requestAnimationFrame.bind(window);
  const forget = window.cancelAnimationFrame.bind(window);
  let last = 0;
  let requests = 0;
  /** By the number that was given out, each once: what a request has come to. */
  const cancels = new Map<number, () => void>();
  window.requestAnimationFrame = (draw) => {
    const number = ++requests;
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

/** A page that can be held. */
interface Held {
  held?: {
    now: boolean;
    /** What the server says is not heard any more. */
    deaf: boolean;
    /** Calls of the browser's own, which go on. */
    frame(then: () => void): void;
    /** Whether the stage's picture shows all that it was given, at the moment that the page says. */
    isWhole(): boolean;
    /** The moment that the page says, s of an episode; null where it says none. */
    seconds(): string | null;
  };
}

/**
 * Animation frames that come only until the page is held, by `waitForPicture` or by itself.
 *
 * @param at it holds itself as soon as its picture is of this second of the episode, or of a later one
 */
export function holdable(at: number | null): void {
  const ask = window.requestAnimationFrame.bind(window);
  const CLOCKS = '[data-testid=transport-time], [data-testid=demo-clock]';
  const held = {
    now: false,
    deaf: false,
    frame: (then: () => void) => void ask(then),
    seconds: () => document.querySelector(CLOCKS)?.textContent ?? null,
    isWhole() {
      const stage = document.querySelector<HTMLElement>('.stage-canvas:has(canvas)');
      const drawn = stage?.dataset.drawn;
      // A page without a picture has nothing to wait for, and the recorder writes no time.
      return !stage || (drawn !== undefined && drawn === (held.seconds() ?? drawn));
    },
  };
  (globalThis as Held).held = held;
  const Whole = window.WebSocket;
  window.WebSocket = class extends Whole {
    constructor(...[url, protocols]: ConstructorParameters<typeof Whole>) {
      super(url, protocols);
      for (const kind of ['message', 'close']) {
        this.addEventListener(kind, (event) => {
          if (held.deaf) event.stopImmediatePropagation();
        });
      }
    }
  };
  window.requestAnimationFrame = (draw) =>
    ask((now) => {
      if (held.now) return;
      draw(now);
      if (at !== null && Number(held.seconds()) >= at && held.isWhole()) {
        held.now = true;
        held.deaf = true;
      }
    });
}

/**
 * Waits until the stage's picture shows all that it was given, at the very moment that the page says,
 * and draws it, in a page that was left undrawn until now.
 *
 * @param holds  whether the page is held from then on
 * @param within the longest wait, ms
 * @throws Error where the two do not come together
 */
export async function waitForPicture({
  holds,
  within,
}: {
  holds: boolean;
  within: number;
}): Promise<void> {
  const { held, undrawn } = globalThis as Held & Undrawn;
  if (!held) throw new Error('expected a page that can be held');
  const stage = document.querySelector<HTMLElement>('.stage-canvas');
  const canvas = stage?.querySelector('canvas');
  const deadline = performance.now() + within;
  /** The next frame of the page's own; a page that has held itself since then has none. */
  const pageFrame = () =>
    new Promise<void>((resolve) => {
      window.requestAnimationFrame(() => resolve());
      const look = () => (held.now ? resolve() : held.frame(look));
      look();
    });
  if (holds && !held.now) {
    // What has come is written at once, and drawn in the next frame of the page's own.
    held.deaf = true;
    for (let frame = 0; frame < 2; frame++) await pageFrame();
  }
  while (!held.isWhole()) {
    if (performance.now() > deadline) {
      const drawn = stage?.dataset.drawn ?? 'none yet';
      throw new Error(`expected a picture of ${held.seconds()} s, drawn; got ${drawn}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  if (holds) held.now = true;
  const nextFrame = () => new Promise<void>((resolve) => held.frame(resolve));
  if (stage && undrawn && !undrawn.wanted) {
    undrawn.wanted = true;
    // Views that stand still are drawn when their place changes: there, and back again.
    for (const width of ['calc(100% - 24px)', '']) {
      stage.style.width = width;
      await nextFrame();
      await nextFrame();
    }
  }
  // What is drawn is only asked for until a pixel is read, and comes to the screen with the frames
  // after that.
  const gl = canvas?.getContext('webgl2');
  gl?.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  for (let frame = 0; frame < 3; frame++) await nextFrame();
}

/** A browser that draws nothing in three dimensions. */
export function withoutWebGl(): void {
  const whole = HTMLCanvasElement.prototype.getContext;
  const lesser = function (this: HTMLCanvasElement, kind: string, options?: unknown) {
    return /webgl/i.test(kind) ? null : Reflect.apply(whole, this, [kind, options]);
  };
  Object.defineProperty(HTMLCanvasElement.prototype, 'getContext', { value: lesser });
}

/** How a gamepad in the standard mapping is held: where its left stick is, and which buttons are down. */
export interface HeldGamepad {
  readonly x?: number;
  readonly y?: number;
  readonly pressed?: readonly number[];
}

/** A gamepad whose left stick is pushed to the upper left. */
export const PUSHED: HeldGamepad = { x: -0.6, y: -0.4 };

/** Plugs in a gamepad, where there is none, and holds it so; null: pulls it out. */
export function holdGamepad(held: HeldGamepad | null): void {
  const { x = 0, y = 0, pressed = [] } = held ?? {};
  const buttons = Array.from({ length: 17 }, (_, i) => {
    const down = pressed.includes(i);
    return { pressed: down, touched: down, value: Number(down) };
  });
  const pad = { connected: true, mapping: 'standard', axes: [x, y, 0, 0], buttons };
  Object.defineProperty(navigator, 'getGamepads', {
    configurable: true,
    value: () => (held ? [pad] : []),
  });
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

/**
 * Views that draw nothing until it is wanted.
 *
 * @param names      methods of WebGL that draw
 * @param canvasOnly what is drawn for later pictures, as light is, is drawn all the same
 */
export function leaveUndrawn({
  names,
  canvasOnly,
}: {
  names: readonly string[];
  canvasOnly: boolean;
}): void {
  const undrawn = { wanted: false, calls: 0 };
  (globalThis as Undrawn).undrawn = undrawn;
  const methods = WebGL2RenderingContext.prototype as unknown as Record<
    string,
    (...args: unknown[]) => void
  >;
  for (const name of names) {
    const draw = methods[name];
    methods[name] = function (this: WebGL2RenderingContext, ...args: unknown[]) {
      const kept = canvasOnly && this.getParameter(this.FRAMEBUFFER_BINDING) !== null;
      if (!undrawn.wanted && !kept) return;
      undrawn.calls++;
      draw.apply(this, args);
    };
  }
}
