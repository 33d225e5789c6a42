/**
 * Exports every policy that ships with every sampler that it has, and rolls each file out beside the policy
 * it was made of: same starts, same noise. Prints a table; ends with 1 where a rollout differs in any bit.
 *
 *   npm run onnx:round-trip -- [--policies l2,flow] [--rollouts 4]
 *
 * @cost about 2 minutes of one core for all
 */
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  chooseSampler,
  defaultActionHorizon,
  type SamplerSpec,
  SHIPPED_NAMES,
} from '../../policies/config/index.ts';
import { createCompiledEngine } from '../../policies/engine/index.ts';
import { exportOnnx } from '../../policies/export.ts';
import { samplersFor } from '../../policies/methods/index.ts';
import { NetworkPolicy, type TrainedPolicy } from '../../policies/network-policy.ts';
import type { Policy } from '../../policies/policy.ts';
import { createPlan } from '../../policies/samplers/plan.ts';
import { evaluateCells, rolloutGrid } from '../../server/evaluation/evaluate.ts';
import { openPolicy } from '../../server/storage/open-policy.ts';
import { loadShipped, openWorkspace } from '../../server/storage/workspace.ts';
import { findTask, loadPhysics } from '../../sim/index.ts';
import { describeExport } from '../describe-export.ts';
import { formatTable } from '../table.ts';

/** Rows of a call: from sixteen on, a policy's own programs are of the operators that files hold. */
const BATCH = 16;
/** What policies that read are told, in turns. */
const SAID = ['take the green one from the left', 'hand me the red apple', ''];

const { values } = parseArgs({
  options: {
    policies: { type: 'string', default: SHIPPED_NAMES.join() },
    rollouts: { type: 'string', default: '4' },
  },
});
const rapier = await loadPhysics();
const engine = createCompiledEngine();
const directory = await mkdtemp(join(tmpdir(), 'onnx-round-trip-'));
const rows: string[][] = [];
let equal = true;
try {
  for (const name of values.policies.split(',')) {
    const trained = await loadShipped(name);
    for (const kind of samplersFor(trained.spec.objective)) {
      const sampler = chooseSampler(trained.spec.objective, { sampler: kind });
      const own = await rollOut(new NetworkPolicy(engine, trained), trained, sampler);
      const file = join(directory, `${name}-${kind}.onnx`);
      const began = performance.now();
      const calls = await write(trained, sampler, file);
      const exported = performance.now();
      const source = { kind: 'onnx', file: `onnx:${file}` } as const;
      const place = { data: directory, engine: 'compiled', checkpoints: [source.file] } as const;
      const policy = await openPolicy(openWorkspace(place), engine, source);
      const theirs = await rollOut(policy, trained, null);
      const same = own.filter((result, i) => JSON.stringify(result) === JSON.stringify(theirs[i]));
      equal &&= same.length === own.length;
      rows.push([
        ...[name, kind, String(calls), `${same.length} of ${own.length}`],
        ...[((await stat(file)).size / 1e6).toFixed(1), ((exported - began) / 1000).toFixed(1)],
      ]);
    }
  }
} finally {
  await rm(directory, { recursive: true });
}
const header = ['policy', 'sampler', 'calls', 'equal rollouts', 'MB', 'export, s'];
process.stdout.write(`${formatTable(header, rows)}\n`);
process.exitCode = equal ? 0 : 1;

async function write(policy: TrainedPolicy, sampler: SamplerSpec, file: string): Promise<number> {
  const plan = createPlan(policy.spec.objective, sampler);
  const metadata = describeExport(policy, sampler, plan, { guidance: 1 });
  await writeFile(file, await exportOnnx(policy, plan, { metadata }));
  return plan.length;
}

function rollOut(policy: Policy, { spec }: TrainedPolicy, sampler: SamplerSpec | null) {
  const cells = rolloutGrid(Number(values.rollouts)).map((cell, i) =>
    spec.condition ? { ...cell, instruction: SAID[i % SAID.length] } : cell,
  );
  const task = findTask(spec.task);
  const actionHorizon = defaultActionHorizon(spec);
  return evaluateCells(
    { rapier, task, policy, sampler, actionHorizon, batch: BATCH, seed: 0 },
    cells,
  );
}
