import type { BrowserContextOptions, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  cropOf,
  openPage,
  PATIENCE,
  PHONE,
  pixelsUnder,
  shareOf,
  whileDrawn,
} from '../support/browser.ts';
import { type ServerProcess, startServer } from '../support/server.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const LANES = ['1', '2', '3'] as const;
const TABLET: BrowserContextOptions = {
  viewport: { width: 768, height: 1024 },
  isMobile: true,
  hasTouch: true,
};
const desktop = (width: number, height: number) => ({ viewport: { width, height } });

const SCREENS: readonly (readonly [string, BrowserContextOptions])[] = [
  ['390 × 844', PHONE],
  ['1440 × 900', desktop(1440, 900)],
];
/** A minute each: LAYOUTS=all. */
const FURTHER: typeof SCREENS = [
  ['768 × 1024', TABLET],
  ['1280 × 800', desktop(1280, 800)],
  ['1920 × 1080', desktop(1920, 1080)],
];
/** The longest things that are said, and the shortest. */
const SCENES = [
  'task=left-right',
  'task=three-ways',
  'task=left-right-colour',
  'task=left-right-colour&attention=shown',
] as const;

interface Box {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

let server: ServerProcess;
beforeAll(async () => {
  server = await startServer(await temporaryDirectory());
});

/** Letters and controls of a view, each with the box it takes. */
function writtenIn(page: Page, lane: string): Promise<readonly Box[]> {
  return page.evaluate((lane) => {
    const view = document.querySelector(`[data-testid="lane-${lane}"]`);
    const parts = [
      ...['.lane-title', '.lane-verdict', '.lane-cost', '.chooser-button', '.futures'],
      ...['.guidance', '.attention', '.seen', '.chip', '.count-value', '.count-label'],
    ];
    return parts.flatMap((name) =>
      [...(view?.querySelectorAll(name) ?? [])].flatMap((element) => {
        // Letters reach as far as they do, whatever box they are in.
        const range = document.createRange();
        range.selectNodeContents(element);
        const letters = element.querySelector('select, svg, button') ? null : range;
        const own = element.getBoundingClientRect();
        if (own.width === 0 || own.height === 0) return [];
        const inner = letters?.getBoundingClientRect();
        const clips = getComputedStyle(element).overflow !== 'visible';
        const right = inner && !clips ? Math.max(own.right, inner.right) : own.right;
        return [{ name, x: own.x, y: own.y, width: right - own.x, height: own.height }];
      }),
    );
  }, lane);
}

/** By more than a rounding of pixels. */
function overlap(a: Box, b: Box): boolean {
  const across = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const down = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return across > 1 && down > 1;
}

/** Smallest sides of everything that can be pressed, and of what is smaller than `least`. */
function tooSmall(page: Page, least: number): Promise<readonly string[]> {
  return page.evaluate((least) => {
    // Words within a text are as high as its lines.
    const selector =
      'button:not(.term), select, input:not([type="checkbox"]), a[href], [role="slider"]';
    return [...document.querySelectorAll(selector)].flatMap((element) => {
      const { width, height, bottom } = element.getBoundingClientRect();
      // Not shown, or beyond the edge until it is focused.
      if (width === 0 || height === 0 || bottom <= 0) return [];
      if (Math.min(width, height) >= least - 0.5) return [];
      const name = element.getAttribute('data-testid') ?? element.className;
      return [`${name}: ${width.toFixed(0)} × ${height.toFixed(0)}`];
    });
  }, least);
}

/** The page at one size. */
interface Shown {
  readonly size: string;
  readonly touched: boolean;
  readonly page: Page;
}

describe('the stage', () => {
  it('shows its arms and balls beside what is written, which nowhere lies over itself', {
    timeout: 8 * PATIENCE,
  }, async () => {
    const shown: Shown[] = [];
    for (const [size, screen] of process.env.LAYOUTS === 'all'
      ? [...SCREENS, ...FURTHER]
      : SCREENS) {
      const page = await openPage(screen, { drawn: 'asked' });
      await page.goto(`${server.url}?quality=low#${addressOf(SCENES[0], 'en')}`);
      await page.waitForSelector('html[data-ready=true]', { state: 'attached' });
      shown.push({ size, touched: screen.hasTouch === true, page });
    }
    // Scene by scene: all sizes share its policies.
    for (const scene of SCENES) {
      for (const { size, touched, page } of shown) {
        for (const language of ['en', 'zh']) {
          await show(page, scene, language);
          const where = [size, scene, language];
          for (const lane of LANES) {
            const boxes = await writtenIn(page, lane);
            expect(boxes.length).toBeGreaterThan(7);
            const over = boxes.flatMap((a, i) =>
              boxes
                .slice(i + 1)
                .filter((b) => overlap(a, b))
                .map((b) => `${a.name} over ${b.name}`),
            );
            expect([...where, lane, over]).toEqual([...where, lane, []]);
          }
          expect([...where, await tooSmall(page, touched ? 44 : 24)]).toEqual([...where, []]);
          expect(await page.evaluate(() => document.body.scrollWidth - innerWidth)).toBe(0);
        }
        await expectClear(page, [size, scene]);
      }
    }
  });
});

/** Slow: what is looked at stands there from the first plan of an episode on. */
const addressOf = (scene: string, language: string) =>
  `${scene}&lang=${language}&side=closed&speed=0.25`;

/** Leads to a scene and waits for all that is said of its first plan. */
async function show(page: Page, scene: string, language: string): Promise<void> {
  await page.evaluate(
    (hash) => {
      location.hash = hash;
    },
    addressOf(scene, language),
  );
  const [, task] = /task=([\w-]+)/.exec(scene) ?? [];
  await page.waitForFunction(
    ({ task, language, lanes, told, looks }) => {
      const part = (id: string) => document.querySelector(`[data-testid="${id}"]`);
      return (
        document.documentElement.lang.startsWith(language) &&
        part(`task-${task}`)?.getAttribute('aria-pressed') === 'true' &&
        (part('lane-3-guidance') !== null) === told &&
        lanes.every((lane) => part(`lane-${lane}-futures`)?.textContent?.trim()) &&
        (!looks ||
          part('lane-3-attention')?.querySelector('path')?.getAttribute('d')?.includes('H2'))
      );
    },
    {
      task,
      language,
      lanes: LANES,
      told: scene.includes('colour'),
      looks: scene.includes('attention'),
    },
    { polling: 100 },
  );
}

/** Neither an arm nor a ball where something is written. */
async function expectClear(page: Page, where: readonly string[]): Promise<void> {
  const canvas = page.locator('.stage-canvas');
  const whole = await canvas.boundingBox();
  if (!whole) throw new Error('expected a stage');
  const places = ['top', 'bottom', 'beside'].flatMap((place) =>
    LANES.map((lane) => `lane-${lane}-${place}`),
  );
  const boxes = await Promise.all(
    places.map(async (id) => {
      const part = page.locator(`[data-testid="${id}"]`);
      return { id, box: (await part.count()) > 0 ? await part.boundingBox() : null };
    }),
  );
  const picture = await whileDrawn(page, () => pixelsUnder(page, '.stage-overlay', canvas));
  const covered = boxes.flatMap(({ id, box }) => {
    if (!box || box.height < 3) return [];
    const part = cropOf(picture, {
      left: (box.x - whole.x) / whole.width,
      right: (box.x + box.width - whole.x) / whole.width,
      top: (box.y - whole.y) / whole.height,
      bottom: Math.min(1, (box.y + box.height - whole.y) / whole.height),
    });
    const arm = shareOf(part, (r, g, b) => Math.min(r, g, b) > 150);
    const ball = shareOf(part, (r, g, b) => Math.max(r, g, b) > 140 && Math.min(r, g, b) < 60);
    return Math.max(arm, ball) < 0.004 ? [] : [`${id}: arm ${arm}, ball ${ball}`];
  });
  expect([...where, covered]).toEqual([...where, []]);
}

describe('the top bar', () => {
  it('covers nothing with more tasks than it has room for, and scrolls to the one that is shown', {
    timeout: 2 * PATIENCE,
  }, async () => {
    const page = await openPage(desktop(1280, 800));
    await page.goto(`${server.url}?quality=low#lang=en`);
    await page.locator('.task-switch').waitFor();
    const parts = await page.evaluate(() => {
      const tasks = document.querySelector('.task-switch');
      const last = tasks?.querySelector('button:last-of-type');
      if (!tasks || !last) throw new Error('expected tasks');
      for (let i = 0; i < 3; i++) tasks.append(last.cloneNode(true));
      tasks.lastElementChild?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
      const shown = [document.querySelector('.brand h1'), tasks, tasks.lastElementChild];
      const others = [...document.querySelectorAll('.banner-slot, .top-tools')];
      return [...shown, ...others].map((part) => {
        const { left, right } = part?.getBoundingClientRect() ?? { left: 0, right: 0 };
        return { left, right };
      });
    });
    const [brand, tasks, last, banner, tools] = parts;
    expect(brand.right).toBeLessThanOrEqual(tasks.left);
    expect(tasks.right).toBeLessThanOrEqual(banner.left);
    expect(banner.right).toBeLessThanOrEqual(tools.left);
    expect(tools.right).toBeLessThanOrEqual(1280);
    expect(last.right).toBeLessThanOrEqual(tasks.right + 1);
    expect(last.left).toBeGreaterThanOrEqual(tasks.left);
  });
});
