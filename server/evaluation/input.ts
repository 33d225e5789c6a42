import type { SamplerSpec } from '../../policies/config/index.ts';
import { findTask, loadPhysics } from '../../sim/index.ts';
import type { Chunking } from '../protocol/chunking.ts';
import type { PolicySource } from '../protocol/stage.ts';
import { openEngine } from '../storage/open-engine.ts';
import { loadPolicy, openWorkspace, type Place } from '../storage/workspace.ts';
import type { EvaluationSetup, GridCell } from './evaluate.ts';

/** One policy under evaluation, as plain data. */
export interface EvaluationInput {
  readonly place: Place;
  readonly source: PolicySource;
  readonly sampler: SamplerSpec;
  readonly actionHorizon: number;
  /** Scale of classifier-free guidance. @default 1 */
  readonly guidance?: number;
  /** What the arm does while a plan is made. @default each plan is there at once */
  readonly chunking?: Chunking;
  readonly seed: number;
}

/** Some cells of an evaluation's grid. */
export interface EvaluationPart {
  readonly input: EvaluationInput;
  readonly cells: readonly GridCell[];
}

/** Loads what an evaluation needs. @cost the policy, the physics, and an engine */
export async function prepareEvaluation({
  place,
  source,
  ...rest
}: EvaluationInput): Promise<Omit<EvaluationSetup, 'batch'>> {
  const policy = await loadPolicy(openWorkspace(place), source);
  return {
    rapier: await loadPhysics(),
    task: findTask(policy.spec.task),
    engine: await openEngine(place),
    policy,
    ...rest,
  };
}
