import { performance } from 'node:perf_hooks';
import { concludeComparison, type Measured, planComparison } from '../evaluation/comparison.ts';
import type { CompareRequest } from '../protocol/compare.ts';
import type { Comparison } from '../protocol/results.ts';
import type { Workspace } from '../storage/workspace.ts';
import { untilAborted } from './parallel.ts';
import { startWork } from './process.ts';
import { BATCH, type RolloutOptions, rollOutInParallel } from './rollouts.ts';

/**
 * Compares policies on the same starts, noise seeds and action horizon, on all cores.
 *
 * @throws ProtocolError, SpecError; ProtocolError 'conflict' where `signal` aborts
 * @cost about 0.1 s a rollout and core
 */
export async function compare(
  workspace: Workspace,
  request: CompareRequest,
  options: RolloutOptions = {},
): Promise<Comparison> {
  const began = performance.now();
  const plan = await planComparison(workspace, request);
  const inputs = plan.contenders.map(({ input }) => input);
  const { results, engine } = await rollOutInParallel(inputs, plan.grid, options);
  const measured: Measured[] = [];
  for (const [i, input] of inputs.entries()) {
    // One after the other, with nothing else running: these are the times a robot would see.
    const latencyMs = await untilAborted(startWork('latency', input), options.signal);
    measured.push({ results: results[i], latencyMs });
  }
  const seconds = (performance.now() - began) / 1000;
  return concludeComparison(plan, measured, { engine, batch: BATCH, seconds });
}
