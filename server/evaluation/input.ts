import type { SamplerSpec } from '../../policies/config/index.ts';
import type { Engine } from '../../policies/engine/index.ts';
import { findTask, loadPhysics } from '../../sim/index.ts';
import type { Chunking } from '../protocol/chunking.ts';
import type { PolicySource } from '../protocol/sources.ts';
import { openEngine } from '../storage/open-engine.ts';
import { openPolicy } from '../storage/open-policy.ts';
import { openWorkspace, type Place } from '../storage/workspace.ts';
import { type EvaluationSetup, evaluateCells, type GridCell, type GridResult } from './evaluate.ts';

/** One policy under evaluation, as plain data. */
export interface EvaluationInput {
  readonly place: Place;
  readonly source: PolicySource;
  /** Null for a policy that draws in a way of its own. */
  readonly sampler: SamplerSpec | null;
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

/** All that an evaluation needs but the size of its batches. */
export interface PreparedEvaluation extends Omit<EvaluationSetup, 'batch'> {
  readonly engine: Pick<Engine, 'name' | 'threads'>;
}

/** What became of some cells, and what ran them. */
export interface EvaluatedPart {
  /** In the order of the cells. */
  readonly results: GridResult[];
  /** By its name. */
  readonly engine: string;
}

/**
 * Rolls a policy out over some cells of a grid: whatever asks for rollouts gets them here, be it a
 * comparison or a shard of an experiment. The result is a function of the part, of the weights that
 * the source names and of the size of a batch.
 *
 * @param batch rollouts that advance together
 */
export async function evaluatePart(
  { input, cells }: EvaluationPart,
  batch: number,
  onEnded: () => void = () => {},
): Promise<EvaluatedPart> {
  const setup = await prepareEvaluation(input);
  const results = await evaluateCells({ ...setup, batch }, cells, onEnded);
  return { results, engine: setup.engine.name };
}

/** Loads what an evaluation needs. @cost the policy, the physics, and an engine */
export async function prepareEvaluation({
  place,
  source,
  ...rest
}: EvaluationInput): Promise<PreparedEvaluation> {
  const engine = await openEngine(place);
  const policy = await openPolicy(openWorkspace(place), engine, source);
  return {
    rapier: await loadPhysics(),
    task: findTask(policy.describe().task),
    engine,
    policy,
    ...rest,
  };
}
