/** How soon the arm follows a person, counted in frames of the page: on any machine the same. */
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { byId, openPage, PATIENCE, problemsOf } from '../support/browser.ts';
import { type ServerProcess, startServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary.ts';

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer(await temporaryDirectory());
});

/** Each way between page and server, ms. */
const DELAY = 200;
const PRESSES = 4;

/** Counts the page's frames, and notes in which of them something was drawn and where the hand was. */
function countFrames(): void {
  const seen = { frame: 0, drawn: 0, pressed: 0, first: 0, times: [] as number[] };
  Object.assign(globalThis, { seenFrames: seen });
  let last = 0;
  const next = (now: number) => {
    seen.frame++;
    seen.times.push(now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
  const { drawElements } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.drawElements = function draw(...args) {
    seen.drawn = seen.frame;
    seen.first ||= seen.frame;
    drawElements.apply(this, args);
  };
  addEventListener(
    'keydown',
    () => {
      seen.pressed = seen.frame;
      seen.first = 0;
    },
    { capture: true },
  );
}

const seen = (page: Page) =>
  page.evaluate(
    () =>
      Reflect.get(globalThis, 'seenFrames') as {
        pressed: number;
        first: number;
        times: number[];
      },
  );

/** For the hand to be seen to move, ms. */
const MOVING = 10_000;
/** A page that was held up, or that came to another start, lets go of what is held. */
const TRIES = 3;

/** Frames from a key that goes down at rest to the picture in which the arm has moved. */
async function framesToMove(page: Page, key: string): Promise<number> {
  for (let i = 0; i < TRIES; i++) {
    await page.waitForFunction(() => {
      const { frame, drawn } = Reflect.get(globalThis, 'seenFrames');
      const phase = document
        .querySelector('[data-testid="record-overlay"]')
        ?.getAttribute('data-phase');
      return frame > drawn + 3 && (phase === 'ready' || phase === 'waiting');
    });
    const z = await byId(page, 'record-tcp-z').textContent();
    await page.keyboard.down(key);
    await page.waitForFunction(() => Reflect.get(globalThis, 'seenFrames').first > 0);
    const { first, pressed } = await seen(page);
    // Texts follow the picture.
    const moved = await page
      .waitForFunction(
        (before) => document.querySelector('[data-testid="record-tcp-z"]')?.textContent !== before,
        z,
        { timeout: MOVING },
      )
      .catch((error: unknown) => {
        if (error instanceof Error && error.name === 'TimeoutError') return null;
        throw error;
      });
    await page.keyboard.up(key);
    if (moved) return first - pressed;
  }
  throw new Error(`the hand did not move in ${TRIES} presses of ${key}`);
}

it('moves the arm within two frames of a key, however far away the server is', {
  timeout: 4 * PATIENCE,
}, async () => {
  const page = await openPage(undefined, { pictures: null, drawn: 'always' });
  const problems = problemsOf(page);
  await page.addInitScript(countFrames);
  await page.routeWebSocket(/socket\.io/, (socket) => {
    const far = socket.connectToServer();
    socket.onMessage((message) => setTimeout(() => far.send(message), DELAY));
    far.onMessage((message) => setTimeout(() => socket.send(message), DELAY));
  });
  await page.goto(`${server.url}?quality=low#tab=record`);
  await byId(page, 'record-start').waitFor();
  await page.waitForSelector('html[data-ready=true]', { state: 'attached' });
  const frames: number[] = [];
  for (let i = 0; i < PRESSES; i++) {
    frames.push(await framesToMove(page, i % 2 === 0 ? 'PageUp' : 'PageDown'));
  }
  if (process.env.FEEL) {
    const { times } = await seen(page);
    const sorted = times.slice(10).sort((a, b) => a - b);
    const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))].toFixed(1);
    console.log(`frames ${frames.join(' ')}; frame time p50 ${at(0.5)} p95 ${at(0.95)} ms`);
  }
  expect(Math.max(...frames)).toBeLessThanOrEqual(2);
  expect(problems).toEqual([]);
});
