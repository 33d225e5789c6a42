import { build } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';
import type { InitialState } from '../../sim/index.ts';
import { openPage, PATIENCE } from '../support/browser.ts';
import { demonstrateMode } from '../support/simulation.ts';
import { ROOT } from '../support/sources.ts';

/** What the bundle leaves in the browser's global scope. */
interface Sim {
  readonly sim: typeof import('../../sim/index.ts');
}

let bundle: string;
beforeAll(async () => {
  bundle = await bundleOfSim();
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

/** All of `sim/` and the physics engine as one classic script. */
async function bundleOfSim(): Promise<string> {
  const output = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: 'sim/index.ts', formats: ['iife'], name: 'sim' },
    },
  });
  const [built] = Array.isArray(output) ? output : [output];
  if (!('output' in built)) throw new Error('expected a finished build');
  return built.output[0].code;
}
