import { performance } from 'node:perf_hooks';
import { concludeDelays, type DelayRequest, planDelays } from '../evaluation/delays.ts';
import type { DelayReport } from '../protocol/results.ts';
import type { Workspace } from '../storage/workspace.ts';
import { BATCH, type RolloutOptions, rollOutInParallel } from './rollouts.ts';

/**
 * Compares what the arm may do while a plan is made, at several delays, on all cores.
 *
 * @throws ProtocolError, SpecError; ProtocolError 'conflict' where `signal` aborts
 * @cost about 0.1 s a rollout and core; ensembling plans up to Ta times as often
 */
export async function compareDelays(
  workspace: Workspace,
  request: DelayRequest,
  options: RolloutOptions = {},
): Promise<DelayReport> {
  const began = performance.now();
  const plan = await planDelays(workspace, request);
  const { results, engine } = await rollOutInParallel(plan.inputs, plan.grid, options);
  const seconds = (performance.now() - began) / 1000;
  return concludeDelays(plan, results, { engine, batch: BATCH, seconds });
}
