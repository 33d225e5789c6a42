import type { SamplerSpec } from '../../policies/config/index.ts';
import type { Engine } from '../../policies/engine/index.ts';
import type { Planner } from '../../policies/policy.ts';
import { findTask, loadPhysics, type Perturbation } from '../../sim/index.ts';
import type { Chunking } from '../protocol/chunking.ts';
import type { PolicySource } from '../protocol/sources.ts';
import { openEngine } from '../storage/open-engine.ts';
import { openPolicy } from '../storage/open-policy.ts';
import { openWorkspace, type Place } from '../storage/workspace.ts';
import {
  type EvaluationSetup,
  type GridCell,
  type GridResult,
  openPlanner,
  rollOutCells,
} from './evaluate.ts';

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
  /** What is otherwise than where it was trained. @default nothing */
  readonly perturbation?: Perturbation;
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
 * Rolls policies out over cells of a grid, one part after the other: whatever asks for rollouts gets them
 * here, be it a comparison or a shard of an experiment. The result of a part is a function of the part, of
 * the weights that its source names and of the size of a batch.
 */
export class Evaluator {
  /** What the last part was rolled out with. */
  #opened: {
    readonly key: string;
    readonly setup: PreparedEvaluation;
    readonly planner: Planner;
  } | null = null;

  /**
   * @param batch    rollouts that advance together
   * @param revision another text for other weights of the same source: a part with the input and the
   *                 revision of the one before is rolled out by the planner that is open
   * @cost opening a planner, 0.5 s, where it is not
   */
  async evaluate(
    { input, cells }: EvaluationPart,
    batch: number,
    { revision = '', onEnded }: { revision?: string; onEnded?: () => void } = {},
  ): Promise<EvaluatedPart> {
    const { setup, planner } = await this.#open(input, batch, revision);
    const results = await rollOutCells(setup, planner, cells, { ...(onEnded && { onEnded }) });
    return { results, engine: setup.engine.name };
  }

  async #open(input: EvaluationInput, batch: number, revision: string) {
    const key = JSON.stringify([input, batch, revision]);
    if (this.#opened?.key === key) return this.#opened;
    await this.dispose();
    const setup = await prepareEvaluation(input);
    const planner = await openPlanner(setup, batch);
    this.#opened = { key, setup, planner };
    return this.#opened;
  }

  async dispose(): Promise<void> {
    const opened = this.#opened;
    this.#opened = null;
    await opened?.planner.dispose();
  }
}

/** Loads what an evaluation needs. @cost the policy, the physics, and an engine */
export async function prepareEvaluation(input: EvaluationInput): Promise<PreparedEvaluation> {
  return { ...(await preparePlanning(input)), rapier: await loadPhysics() };
}

/** The same for plans that nothing carries out. */
export async function preparePlanning({
  place,
  source,
  ...rest
}: EvaluationInput): Promise<Omit<PreparedEvaluation, 'rapier'>> {
  const engine = await openEngine(place);
  const policy = await openPolicy(openWorkspace(place), engine, source);
  return { task: findTask(policy.describe().task), engine, policy, ...rest };
}
