import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { drawSeldom, holdable, waitForPicture } from '../../../scripts/pictures/in-page.ts';

/** A page of one clock and one stage, and frames that are given by hand. */
let shown: { clock: string | null; drawn: string | undefined; canvas: boolean };
let frames: ((now: number) => void)[];
const next = () => {
  for (const each of frames.splice(0)) each(0);
};
beforeEach(() => {
  shown = { clock: '0.0', drawn: '0.0', canvas: true };
  frames = [];
  const read = vi.fn();
  const canvas = { getContext: () => ({ readPixels: read }) };
  const stage = {
    get dataset() {
      return { drawn: shown.drawn };
    },
    querySelector: () => (shown.canvas ? canvas : null),
  };
  vi.stubGlobal('window', {
    requestAnimationFrame: (draw: (now: number) => void) => frames.push(draw),
    cancelAnimationFrame: () => {},
    WebSocket: EventTarget,
  });
  vi.stubGlobal('document', {
    querySelector(selector: string) {
      if (!selector.startsWith('.stage-canvas')) {
        return shown.clock === null ? null : { textContent: shown.clock };
      }
      return selector.includes(':has') && !shown.canvas ? null : stage;
    },
  });
});
afterEach(() => vi.unstubAllGlobals());

/** Asks for frames as a page does, and counts them. */
function playing(draw: () => void): { count: number } {
  const seen = { count: 0 };
  const frame = () => {
    seen.count++;
    window.requestAnimationFrame(frame);
    draw();
  };
  window.requestAnimationFrame(frame);
  return seen;
}

/** Gives frames until something is done. */
async function whileNext<T>(done: Promise<T>): Promise<T> {
  const timer = setInterval(next, 1);
  try {
    return await done;
  } finally {
    clearInterval(timer);
  }
}

describe('a screen that shows few pictures', () => {
  it('shows what is asked for, also where somebody takes back what was shown before', async () => {
    drawSeldom(1);
    const ask = () => {
      let number = 0;
      const shown = new Promise<void>((show) => {
        number = window.requestAnimationFrame(() => show());
      });
      return { number, shown };
    };
    const first = ask();
    await whileNext(first.shown);
    const second = ask();
    window.cancelAnimationFrame(first.number);
    await whileNext(second.shown);
  });
});

describe('a page that pictures are made of', () => {
  it('holds itself at the first picture of a second, not where the clock alone says it', () => {
    holdable(0.3);
    const moments = [
      ['0.1', '0.1'],
      ['0.3', '0.1'],
      ['0.4', undefined],
      ['0.4', '0.4'],
      ['0.5', '0.5'],
    ] as const;
    let i = 0;
    const seen = playing(() => {
      [shown.clock, shown.drawn] = moments[i++];
    });
    for (let frame = 0; frame < 10; frame++) next();
    expect(shown.clock).toBe('0.4');
    expect(seen.count).toBe(4);
  });

  it('is waited for until it is drawn at the moment that its clock says, and held there', async () => {
    holdable(null);
    shown.drawn = '4.8';
    const seen = playing(() => {
      if (seen.count === 5) shown.drawn = '0.0';
    });
    await whileNext(waitForPicture({ holds: true, within: 2000 }));
    const { count } = seen;
    expect(count).toBeGreaterThanOrEqual(5);
    next();
    expect(seen.count).toBe(count);
  });

  it('is waited for where it comes to its second, and holds itself, just then', async () => {
    holdable(0.3);
    playing(() => {
      [shown.clock, shown.drawn] = ['0.3', '0.3'];
    });
    await whileNext(waitForPicture({ holds: true, within: 2000 }));
    expect(shown.clock).toBe('0.3');
  });

  it('hears nothing of the server while it is held', async () => {
    holdable(null);
    const socket = new window.WebSocket('ws://localhost');
    const heard = vi.fn();
    socket.addEventListener('message', heard);
    socket.dispatchEvent(new Event('message'));
    await whileNext(waitForPicture({ holds: true, within: 2000 }));
    socket.dispatchEvent(new Event('message'));
    expect(heard).toHaveBeenCalledTimes(1);
  });

  it('fails where the two do not come together', async () => {
    holdable(null);
    shown.drawn = undefined;
    await expect(whileNext(waitForPicture({ holds: true, within: 40 }))).rejects.toThrow(
      'expected a picture of 0.0 s, drawn; got none yet',
    );
  });

  it.each([
    ['without a clock, as the recorder', { clock: null }],
    ['without a picture', { canvas: false, drawn: undefined }],
  ])('has nothing to compare %s', async (_, without) => {
    holdable(null);
    Object.assign(shown, without);
    await whileNext(waitForPicture({ holds: false, within: 40 }));
    const seen = playing(() => {});
    next();
    expect(seen.count).toBe(1);
  });
});
