import { build } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import * as cats from '../../demos/cats/index.ts';
import * as random from '../../policies/random.ts';
import type { InitialState } from '../../sim/index.ts';
import { openPage, PATIENCE } from '../support/browser.ts';
import { demonstrateMode } from '../support/simulation.ts';
import { ROOT } from '../support/sources.ts';

/** What the bundle leaves in the browser's global scope. */
interface Sim {
  readonly sim: typeof import('../../sim/index.ts');
}

interface Cats {
  readonly cats: typeof import('../../demos/cats/index.ts');
  readonly random: typeof import('../../policies/random.ts');
}

let bundle: string;
beforeAll(async () => {
  bundle = await bundleOf('sim/index.ts', 'sim');
});

describe('an episode stepped in Node', { timeout: 2 * PATIENCE }, () => {
  it.each(['left', 'right'])('ends in the same bits in a browser (%s)', async (mode) => {
    // Grasp, contact and lift included, and pushes on the way.
    const demonstration = demonstrateMode(mode, 7, { pushes: true });
    const page = await openPage();
    await page.addScriptTag({ content: bundle });
    const hash = await page.evaluate(playInBrowser, {
      initial: demonstration.initial,
      rows: [...demonstration.command],
    });
    expect(hash).toBe(demonstration.replayHash);
  });
});

describe('a cat drawn in Node', { timeout: 2 * PATIENCE }, () => {
  it('has the same bits in a browser', async () => {
    const page = await openPage();
    for (const [entry, name] of [
      ['demos/cats/index.ts', 'cats'],
      ['policies/random.ts', 'random'],
    ]) {
      await page.addScriptTag({ content: await bundleOf(entry, name) });
    }
    const there: unknown = await page.evaluate(`(${String(checksumsOf)})(globalThis)`);
    expect(there).toEqual(checksumsOf({ cats, random }));
  });
});

/** Of 64 drawn cats. Runs here and in the browser, where nothing else of this file exists. */
function checksumsOf({ cats, random }: Cats): number[] {
  return Array.from({ length: 64 }, (_, i) => {
    const state = cats.drawCat(cats.sampleCat(random.Random.of(2026, i)), 64);
    return new Int32Array(state.buffer).reduce((sum, word) => Math.imul(sum ^ word, 16777619), i);
  });
}

/** Runs in the browser: nothing of this file exists there. */
async function playInBrowser({
  initial,
  rows,
}: {
  initial: InitialState;
  rows: readonly number[];
}): Promise<string> {
  const { sim } = globalThis as unknown as Sim;
  const rapier = await sim.loadPhysics();
  const episode = sim.Episode.create(rapier, sim.findTask('left-right'), initial, 20);
  for (let at = 0; at < rows.length; at += sim.ACTION_DIM) {
    episode.step(Float32Array.from(rows.slice(at, at + sim.ACTION_DIM)));
  }
  return episode.hash;
}

/** A file with all that it imports as one classic script. */
async function bundleOf(entry: string, name: string): Promise<string> {
  const output = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry, formats: ['iife'], name },
    },
  });
  const [built] = Array.isArray(output) ? output : [output];
  if (!('output' in built)) throw new Error('expected a finished build');
  return built.output[0].code;
}
