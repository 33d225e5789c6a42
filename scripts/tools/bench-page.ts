/**
 * What a page costs that shows three views: the time of a frame, rasterisation included, its draw calls,
 * and the heap after minutes of watching. In a headless browser that draws in software, for checkouts
 * in turns: `npm run bench:page -- [--against CHECKOUT] [--seconds 15] [--rounds 3]
 * [--minutes 0] [--quality low]`. Each checkout must be built. Prints one JSON document.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium, type Page } from 'playwright-core';
import { percentiles } from '../../server/statistics/index.ts';
import { PACKAGE_ROOT } from '../../server/storage/package-root.ts';
import { machine } from '../bench/measure.ts';
import { DRAWN_BY_CPU } from '../pictures/drawn-by-cpu.ts';
import { startServer } from '../pictures/server.ts';

const SCREEN = { width: 1440, height: 900 };
/** Watched before anything is counted, s. */
const WARM_UP = 8;
/** For a page to show its first episode, ms. */
const PATIENCE = 180_000;

/** What the page keeps of its frames. */
interface Counted {
  /** Of each frame that was drawn: all that ran for it, until its pixels were there, ms. */
  milliseconds: number[];
  /** Of the same frames. */
  drawCalls: number[];
}

/** The same, and what of the CPU the browser took for a frame, ms: less shaken by what else runs. */
interface Round extends Counted {
  readonly cpuMs: number;
}

const { values } = parseArgs({
  options: {
    against: { type: 'string' },
    seconds: { type: 'string', default: '15' },
    rounds: { type: 'string', default: '3' },
    minutes: { type: 'string', default: '0' },
    quality: { type: 'string', default: 'low' },
  },
});
const checkouts = [PACKAGE_ROOT, ...(values.against ? [values.against] : [])];
const { machine: name, load } = machine();
const frames = new Map<string, Round[]>(checkouts.map((each) => [each, []]));
for (let round = 0; round < Number(values.rounds); round++) {
  for (const checkout of checkouts) {
    const counted = await watching(checkout, (page) => countFrames(page, Number(values.seconds)));
    frames.get(checkout)?.push(counted);
  }
}
const memory: number[][] = [];
for (const checkout of Number(values.minutes) > 0 ? checkouts : []) {
  memory.push(await watching(checkout, (page) => watchHeap(page, Number(values.minutes))));
}
const report = {
  ...{ machine: name, load: [load, machine().load], screen: SCREEN, quality: values.quality },
  checkouts: checkouts.map((checkout, i) => ({
    checkout,
    rounds: frames.get(checkout)?.map(({ milliseconds, drawCalls, cpuMs }) => ({
      cpuMs,
      frames: milliseconds.length,
      frameMs: percentiles(milliseconds),
      drawCalls: percentiles(drawCalls),
    })),
    heapMiB: memory[i],
  })),
};
process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);

/** Starts a checkout's server and a page that shows it, and ends both. */
async function watching<T>(checkout: string, watch: (page: Page) => Promise<T>): Promise<T> {
  const data = await mkdtemp(join(tmpdir(), 'forking-paths-page-'));
  const server = await startServer(data, join(checkout, 'dist/scripts/cli.js'));
  let browser: Browser | null = null;
  try {
    browser = await launch();
    const page = await browser.newPage({ viewport: SCREEN });
    page.setDefaultTimeout(PATIENCE);
    await page.addInitScript(keepCount);
    await page.goto(`${server.url}?quality=${values.quality}`);
    await page.waitForFunction(
      () => Number(document.querySelector('[role=slider]')?.getAttribute('aria-valuenow')) > 0,
    );
    await page.waitForTimeout(1000 * WARM_UP);
    return await watch(page);
  } finally {
    await browser?.close();
    await server.end();
    await rm(data, { recursive: true, force: true });
  }
}

async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: await sparticuz.executablePath(),
    args: [...sparticuz.args, ...DRAWN_BY_CPU],
  });
}

/** In the page, before it: counts draw calls, and times what runs for each frame. */
function keepCount(): void {
  const counted: Counted = { milliseconds: [], drawCalls: [] };
  Object.assign(window, { counted });
  const gl = WebGL2RenderingContext.prototype;
  let calls = 0;
  let last: WebGL2RenderingContext | null = null;
  for (const name of [
    ...(['drawElements', 'drawArrays'] as const),
    ...(['drawElementsInstanced', 'drawArraysInstanced'] as const),
  ]) {
    const draw = gl[name] as (...given: unknown[]) => void;
    Object.assign(gl, {
      [name](this: WebGL2RenderingContext, ...given: unknown[]) {
        calls++;
        last = this;
        draw.apply(this, given);
      },
    });
  }
  const pixel = new Uint8Array(4);
  const ask = window.requestAnimationFrame.bind(window);
  let frame = 0;
  let spent = 0;
  let drawn = 0;
  window.requestAnimationFrame = (run) =>
    ask((now) => {
      if (now !== frame && drawn > 0) {
        counted.milliseconds.push(spent);
        counted.drawCalls.push(drawn);
      }
      if (now !== frame) [frame, spent, drawn] = [now, 0, 0];
      const before = calls;
      const began = performance.now();
      run(now);
      // Waits for the pixels.
      if (calls > before) last?.readPixels(0, 0, 1, 1, last.RGBA, last.UNSIGNED_BYTE, pixel);
      spent += performance.now() - began;
      drawn += calls - before;
    });
}

async function countFrames(page: Page, seconds: number): Promise<Round> {
  const session = await page.context().browser()?.newBrowserCDPSession();
  const cpuSeconds = async () => {
    const { processInfo } = (await session?.send('SystemInfo.getProcessInfo')) ?? {};
    return (processInfo ?? []).reduce((sum, { cpuTime }) => sum + cpuTime, 0);
  };
  const taken = () =>
    page.evaluate(() => {
      const { counted } = window as unknown as { counted: Counted };
      return {
        milliseconds: counted.milliseconds.splice(0),
        drawCalls: counted.drawCalls.splice(0),
      };
    });
  await taken();
  const before = await cpuSeconds();
  await page.waitForTimeout(1000 * seconds);
  const cpu = (await cpuSeconds()) - before;
  const counted = await taken();
  return { ...counted, cpuMs: (1000 * cpu) / counted.milliseconds.length };
}

/** @returns MiB in use after a collection: at the first minute, at each after it, and at the end */
async function watchHeap(page: Page, minutes: number): Promise<number[]> {
  const session = await page.context().newCDPSession(page);
  const heap: number[] = [];
  for (let minute = 1; minute <= minutes; minute++) {
    await page.waitForTimeout(60_000);
    // What has been counted would be a leak of the measurement's own.
    await page.evaluate(() => {
      const { counted } = window as unknown as { counted: Counted };
      counted.milliseconds.length = 0;
      counted.drawCalls.length = 0;
    });
    await session.send('HeapProfiler.collectGarbage');
    const { usedSize } = await session.send('Runtime.getHeapUsage');
    heap.push(Math.round((usedSize / 2 ** 20) * 100) / 100);
  }
  return heap;
}
