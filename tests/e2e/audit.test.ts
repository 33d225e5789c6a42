import { mkdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { change } from '../../scripts/pictures/browser.ts';
import { type PictureState, SCREENS } from '../../scripts/pictures/state.ts';
import { EXPERIMENT_NAME, STATES } from '../../scripts/pictures/states.ts';
import { visit } from '../../scripts/pictures/visit.ts';
import { shardsOf } from '../../server/experiments/shard.ts';
import { ExperimentStore } from '../../server/experiments/store.ts';
import { unreachedByTab, violationsOf } from '../support/audit.ts';
import { openPage, PATIENCE, PHONE, problemsOf } from '../support/browser.ts';
import { keepResult, somePlan } from '../support/experiments.ts';
import { newRun } from '../support/runs.ts';
import { endServer, type ServerProcess, startServer } from '../support/server.ts';
import { refusedShaders, type ShaderPair, takeUncompiled } from '../support/shaders.ts';
import { demonstrateMode } from '../support/simulation.ts';
import { temporaryDirectory, workspaceAt } from '../support/temporary.ts';

/** Only these states: AUDIT=phone,share. */
const ONLY = process.env.AUDIT?.split(',');
const AUDITED = STATES.filter(({ name, again }) => (ONLY ? ONLY.includes(name) : !again));
const endsServer = ({ steps }: PictureState) => steps.some((step) => 'end' in step);
/** States in which what the page asks for is not there, of which the browser itself complains. */
const lacks = (state: PictureState) => state.browser === 'no WebGL' || endsServer(state);

function groupOf(state: PictureState): string {
  const { screen = 'desktop', still = false, browser = 'a whole browser' } = state;
  const server = endsServer(state) ? ', until its server ends' : '';
  return `${screen}, ${browser}, ${still ? 'without motion' : 'as usual'}${server}`;
}
/** One page visits all states that need the same browser. */
const GROUPS = [...new Set(AUDITED.map(groupOf))].map(
  (name) => [name, AUDITED.filter((state) => groupOf(state) === name)] as const,
);

let server: ServerProcess;
let axe: string;
beforeAll(async () => {
  const data = await temporaryDirectory();
  const workspace = workspaceAt(data);
  const dataset = await workspace.datasets.create('pairs', { task: 'left-right', controlHz: 20 });
  await dataset.append([demonstrateMode('left', 1), demonstrateMode('right', 1)]);
  await newRun(workspace, { dataset: 'pairs' });
  const store = new ExperimentStore(data);
  const plan = somePlan();
  const perturbed = { ...plan.contenders[0], perturbation: { mass: 4 } };
  const sweep = { ...plan, contenders: [...plan.contenders, perturbed] };
  await store.directory(EXPERIMENT_NAME).writePlan(sweep);
  for (const { description } of shardsOf(sweep)) {
    await keepResult(store.directory(EXPERIMENT_NAME), description);
  }
  await mkdir(join(data, 'experiments', 'cut-off'));
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
  server = await startServer(data);
}, PATIENCE);

async function pageFor(state: PictureState): Promise<Page> {
  const { screen = 'desktop', still } = state;
  const viewport = SCREENS[screen];
  const page = await openPage({
    ...(screen === 'phone' ? PHONE : {}),
    viewport,
    reducedMotion: still ? 'reduce' : 'no-preference',
  });
  await page.addInitScript({ content: axe });
  await change(page, state);
  return page;
}

describe('every state of the page', { timeout: 20 * PATIENCE }, () => {
  /** What they draw with, each once. */
  const shaders = new Map<string, ShaderPair>();

  it.each(GROUPS)('is open to everybody, by keyboard too: %s', async (_, states) => {
    const page = await pageFor(states[0]);
    const problems = problemsOf(page);
    let heard = 0;
    const wrong: Record<string, readonly string[]> = {};
    for (const state of states) {
      await visit(page, state, {
        url: server.url,
        query: 'quality=low',
        endServer: async () => void (await endServer(server, 'SIGTERM')),
      });
      const violations = await violationsOf(page);
      const unreached = PANEL.test(state.name) ? await unreachedByTab(page) : [];
      const said = lacks(state) ? [] : problems.slice(heard);
      heard = problems.length;
      for (const pair of await takeUncompiled(page)) shaders.set(pair.join(), pair);
      const found = [...violations, ...unreached.map((id) => `not by Tab: ${id}`), ...said];
      if (found.length > 0) wrong[state.name] = found;
    }
    expect(wrong).toEqual({});
  });

  it('draws with shaders that compile', async () => {
    expect(shaders.size).toBeGreaterThan(0);
    const page = await openPage(undefined, { drawn: 'asked' });
    expect(await refusedShaders(page, [...shaders.values()])).toEqual([]);
  });
});

/** States whose controls are tried: each panel, in the task that has most of them. */
const PANEL = /^(demos|train|compare|record|why|denoise|latency|state)-left-right-colour$/;
