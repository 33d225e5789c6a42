/**
 * Holds the plans of the page that needs no server against the server's: same starts, same noise,
 * whole episodes. The page's run as in a browser, on ONNX Runtime's WebAssembly with one thread, in
 * Node's V8.
 *
 *   npm run measure:static -- [--policies l2,diffusion,flow] [--episodes 200]
 *
 * Ends with 1 where an episode takes another side, or a first plan differs by more than 1e-5.
 *
 * @cost after `npm run build:static`, about 2 s an episode and policy
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { defaultActionHorizon, type ShippedName } from '../../policies/config/index.ts';
import { createCompiledEngine } from '../../policies/engine/index.ts';
import { NetworkPolicy } from '../../policies/network-policy.ts';
import type { Planner } from '../../policies/policy.ts';
import { type RolloutResult, rollOut } from '../../server/acting/rollout.ts';
import { PageFiles } from '../../server/in-page/files.ts';
import { PagePolicies } from '../../server/in-page/page-policies.ts';
import { percentiles } from '../../server/statistics/index.ts';
import { PACKAGE_ROOT } from '../../server/storage/package-root.ts';
import { loadShipped } from '../../server/storage/workspace.ts';
import { findTask, loadPhysics, startSeed } from '../../sim/index.ts';

/** Largest difference of plans that counts as none, rad. */
const SAME = 1e-5;
/** As on the page's first visit. */
const SEED = 4;

const { values } = parseArgs({
  options: {
    policies: { type: 'string', default: 'l2,diffusion,flow' },
    episodes: { type: 'string', default: '200' },
  },
});
const episodes = Number(values.episodes);

const base = pathToFileURL(join(PACKAGE_ROOT, 'dist/static/')).href;
const files = new PageFiles(base, async (url) => new Response(await readFile(new URL(url))));
const shipment = await files.shipment();
env.wasm.numThreads = 1;
env.wasm.wasmBinary = await files.read(shipment.runtime);
const inPage = new PagePolicies(files, shipment, { InferenceSession, Tensor });
const engine = createCompiledEngine();
const rapier = await loadPhysics();

/** What came of all episodes, their first plans, and how long each plan took. */
interface Acted {
  readonly results: readonly RolloutResult[];
  readonly first: readonly Float32Array[];
  /** Of the processor, which others may be using, too; ms. */
  readonly times: readonly number[];
}

async function act(planner: Planner): Promise<Acted> {
  const task = findTask(planner.policy.task);
  const first: Float32Array[] = [];
  const times: number[] = [];
  let fresh = true;
  const watched: Planner = {
    policy: planner.policy,
    batch: planner.batch,
    nfe: planner.nfe,
    read: (instruction) => planner.read(instruction),
    dispose: () => planner.dispose(),
    async draw(observation, streams, told) {
      const began = process.cpuUsage();
      const drawn = await planner.draw(observation, streams, told);
      const { user, system } = process.cpuUsage(began);
      times.push((user + system) / 1000);
      if (fresh) first.push(drawn.chunk.slice());
      fresh = false;
      return drawn;
    },
  };
  const requests = Array.from({ length: episodes }, (_, episode) => ({
    initial: task.sampleInitialState(startSeed('evaluation', SEED, episode)),
    noiseKey: [SEED, episode, 0],
  }));
  const results = await rollOut(rapier, task, watched, requests, {
    actionHorizon: defaultActionHorizon(planner.policy),
    onEnded: () => {
      fresh = true;
    },
  });
  await planner.dispose();
  return { results, first, times };
}

let same = true;
for (const name of values.policies.split(',') as ShippedName[]) {
  const source = { kind: 'shipped', name } as const;
  const server = await act(await new NetworkPolicy(engine, await loadShipped(name)).prepare(1));
  const page = await act(await (await inPage.open(source)).prepare(1));
  const differences = server.first.map((plan, i) => farthest(plan, page.first[i]));
  const sides = count((i) => server.results[i].mode === page.results[i].mode);
  const ends = count((i) => server.results[i].success === page.results[i].success);
  const largest = Math.max(...differences);
  const [inPageMs, serverMs] = [page, server].map(({ times }) => percentiles(times));
  same &&= sides === episodes && largest <= SAME;
  process.stdout.write(
    `${name}: same side in ${sides} of ${episodes}, same end in ${ends}; first plans differ by ` +
      `${largest.toExponential(1)} rad at most; a plan takes the processor ${inPageMs.p50.toFixed(1)} ms ` +
      `(p95 ${inPageMs.p95.toFixed(1)}), the server's ${serverMs.p50.toFixed(1)} ms\n`,
  );
}
if (!same) process.exitCode = 1;

function count(holds: (episode: number) => boolean): number {
  return Array.from({ length: episodes }, (_, i) => i).filter(holds).length;
}

function farthest(a: Float32Array, b: Float32Array): number {
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
}
