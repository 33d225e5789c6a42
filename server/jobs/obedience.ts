import { performance } from 'node:perf_hooks';
import {
  concludeObedience,
  type ObedienceRequest,
  planObedience,
} from '../evaluation/obedience.ts';
import type { ObedienceReport } from '../protocol/results.ts';
import type { Workspace } from '../storage/workspace.ts';
import { type RolloutOptions, rollOutInParallel } from './rollouts.ts';

/**
 * Tells a policy what to do and sees whether it does it, at several guidance scales, on all cores.
 *
 * @throws ProtocolError, SpecError; ProtocolError 'conflict' where `signal` aborts
 * @cost about 0.2 s a rollout and core
 */
export async function judgeObedience(
  workspace: Workspace,
  request: ObedienceRequest,
  options: RolloutOptions = {},
): Promise<ObedienceReport> {
  const began = performance.now();
  const plan = await planObedience(workspace, request);
  const { results, engine } = await rollOutInParallel(plan.inputs, plan.cells, options);
  const seconds = (performance.now() - began) / 1000;
  return concludeObedience(plan, results, { engine, seconds });
}
