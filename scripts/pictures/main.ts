/**
 * Pictures of every state of the page, to be looked at, and those that the README opens with.
 *
 *   npm run pictures -- --out DIR                  all of them
 *   npm run pictures -- --only phone,share         some
 *   npm run pictures -- --only readme --out docs/pictures
 *
 * It starts servers of its own with data directories of their own, which it removes.
 *
 * @cost 5 to 10 s a picture on two cores without a GPU
 */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { StoppedError } from '../../server/protocol/errors.ts';
import { EXIT } from '../exit.ts';
import { interruptible, listenForEnd, unlessStopped } from '../interrupt.ts';
import { startProgress } from '../progress.ts';
import { browsers, type Opener, SETTLED } from './browser.ts';
import { drawReadme, README_PICTURES } from './film.ts';
import { waitForPicture } from './in-page.ts';
import { fillData, type Served, Servers, startServer } from './server.ts';
import type { PictureState } from './state.ts';
import { STATES } from './states.ts';
import { visit } from './visit.ts';

const README = 'readme';
/** For the picture of a stage, ms. */
const PATIENCE = 60_000;
const NO_FRAMES = `pictures: expected frames within ${2 * PATIENCE} ms, got none`;
const HELP = `Usage: npm run pictures -- [options]

Pictures of every state of the page, as PNG files.

  --out DIR       where they go (default: pictures)
  --only NAMES    some, separated by commas; "${README}" makes what the README shows
  --list          the names
  --browser FILE  a Chromium of yours instead of the one that npm installs for the tests
  -h, --help      this
`;

interface Choice {
  readonly states: readonly PictureState[];
  readonly readme: boolean;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      out: { type: 'string', default: 'pictures' },
      only: { type: 'string', multiple: true, default: [] },
      list: { type: 'boolean', default: false },
      browser: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) process.stdout.write(HELP);
  else if (values.list) process.stdout.write([...STATES.map(nameOf), README, ''].join('\n'));
  else {
    const choice = chosen(values.only.flatMap((names) => names.split(',')));
    const open = await browsers(values.browser ?? null);
    const out = resolve(values.out);
    listenForEnd();
    await interruptible('stopped: pictures that are made stay', (signal) =>
      draw(open, choice, { out, signal }),
    );
  }
}

const nameOf = ({ name }: PictureState) => name;

/** @throws Error for a name that no state has */
function chosen(names: readonly string[]): Choice {
  const known = [...STATES.map(nameOf), README];
  const strange = names.filter((name) => !known.includes(name));
  if (strange.length > 0) {
    throw new Error(`--only: expected some of ${known.join(', ')}; got ${strange.join(', ')}`);
  }
  if (names.length === 0) return { states: STATES, readme: true };
  return {
    states: STATES.filter(({ name }) => names.includes(name)),
    readme: names.includes(README),
  };
}

async function draw(
  open: Opener,
  { states, readme }: Choice,
  { out, signal }: { out: string; signal: AbortSignal },
): Promise<void> {
  await mkdir(out, { recursive: true });
  const data = await mkdtemp(join(tmpdir(), 'forking-paths-pictures-'));
  const servers = new Servers(async (place) => {
    const own = join(data, place);
    if (place === 'filled' && !existsSync(own)) {
      await fillData(own, (what) => process.stderr.write(`${what}\n`));
    }
    return startServer(own);
  });
  const failures: string[] = [];
  const drawing = async () => {
    const all = states.length + (readme ? README_PICTURES : 0);
    let done = 0;
    const progress = startProgress('pictures', all);
    for (const state of states) {
      const path = join(out, `${state.name}.png`);
      const serve = () => servers.at(state.place ?? 'filled');
      const first = await shoot(open, state, await serve(), path);
      // A browser that is one process stops giving frames at times, without end; another one does not.
      const problem = first === NO_FRAMES ? await shoot(open, state, await serve(), path) : first;
      if (problem) failures.push(`${state.name}: ${problem}`);
      progress.update(++done, state.name);
    }
    if (readme) {
      const { url } = await servers.at('empty');
      await drawReadme(open, url, out, () => progress.update(++done, README));
    }
    progress.stop();
  };
  try {
    await unlessStopped(signal, drawing());
  } finally {
    await servers.end();
    await rm(data, { recursive: true, force: true });
  }
  if (failures.length > 0) throw new Error(`${failures.length} failed:\n${failures.join('\n')}`);
}

/** @returns what went wrong; the picture shows how far it came */
async function shoot(
  open: Opener,
  state: PictureState,
  server: Served,
  path: string,
): Promise<string | null> {
  const problems: string[] = [];
  await open(state, async (page) => {
    page.on('pageerror', (error) => problems.push(error.message));
    const attempt = async (step: Promise<unknown>) => {
      try {
        await step;
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
      }
    };
    const endServer = () => server.end();
    await attempt(visit(page, state, { url: server.url, query: 'quality=high', endServer }));
    const whole = page.evaluate(waitForPicture, { holds: true, within: PATIENCE });
    await attempt(Promise.race([whole, overdue()]));
    await attempt(page.screenshot({ path, ...SETTLED }));
  });
  return problems.join('\n') || null;
}

/** Frames may never come, for which the driver of the browser has no limit. @throws Error after twice the patience */
async function overdue(): Promise<never> {
  await delay(2 * PATIENCE, undefined, { ref: false });
  throw new Error(NO_FRAMES);
}

try {
  await main();
  process.exit(EXIT.ok);
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : String(error)}\n`);
  // What was under way holds browsers, which go with this process.
  process.exit(error instanceof StoppedError ? EXIT.interrupted : EXIT.failed);
}
