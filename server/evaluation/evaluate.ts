import { etaOf, type SamplerSpec } from '../../policies/config/index.ts';
import { evaluationsOf } from '../../policies/drawing.ts';
import type { Abilities, Planner, Policy, PolicyDescription } from '../../policies/policy.ts';
import { Random } from '../../policies/random.ts';
import {
  type Episode,
  modeNames,
  type Perturbation,
  type Rapier,
  type Task,
} from '../../sim/index.ts';
import { evaluationStart } from '../acting/evaluation-start.ts';
import { eyeOf } from '../acting/eye.ts';
import { meanAndMax, rootMeanSquare, type Smoothness } from '../acting/motion.ts';
import { type RolloutResult, rollOut } from '../acting/rollout.ts';
import type { Chunking } from '../protocol/chunking.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type {
  Failures,
  Percentiles,
  PlanTimes,
  PolicyResult,
  Proportion,
} from '../protocol/results.ts';
import { usualStarts } from '../protocol/starts.ts';
import {
  bootstrap95,
  type Cluster,
  clusteredProportion,
  correctedEntropy,
  divergence,
  entropy,
  mean,
  percentiles,
  proportion,
} from '../statistics/index.ts';
import { plansToDecision } from './decision.ts';

/** One cell of the grid of starts × noise seeds. */
export interface GridCell {
  readonly start: number;
  readonly noise: number;
  /** What the policy is told, in tasks with a language. */
  readonly instruction?: string;
}

/** A rollout's result with its place in the grid. */
export type GridResult = GridCell & RolloutResult;

/**
 * Starts × noise seeds, start by start. The cells of a start are the same whatever the grid: more
 * starts have fewer noise seeds of those that there are.
 *
 * @param starts where it does not divide the rollouts, the first starts have one more than the
 *               others. @default about √N, the last start with what is left
 * @throws ProtocolError 'invalid-request' for more starts than rollouts
 */
export function rolloutGrid(rollouts: number, starts = usualStarts(rollouts)): GridCell[] {
  if (!Number.isInteger(starts) || starts < 1 || starts > rollouts) {
    throw new ProtocolError(
      'invalid-request',
      `starts: expected 1 to ${rollouts}, as each begins a rollout, got ${starts}; ask for fewer ` +
        'starts or more rollouts',
    );
  }
  const usual = starts === usualStarts(rollouts);
  const perStart = usual ? Math.ceil(rollouts / starts) : Math.floor(rollouts / starts);
  const larger = usual ? 0 : rollouts % starts;
  const cells: GridCell[] = [];
  for (let start = 0; cells.length < rollouts; start++) {
    const size = Math.min(perStart + (start < larger ? 1 : 0), rollouts - cells.length);
    for (let noise = 0; noise < size; noise++) cells.push({ start, noise });
  }
  return cells;
}

export interface EvaluationSetup {
  readonly rapier: Rapier;
  readonly task: Task;
  readonly policy: Policy;
  /** Null for a policy that draws in a way of its own. */
  readonly sampler: SamplerSpec | null;
  /** Ta, control steps. */
  readonly actionHorizon: number;
  /** Scale of classifier-free guidance. @default 1 */
  readonly guidance?: number;
  /** What the arm does while a plan is made. @default each plan is there at once */
  readonly chunking?: Chunking;
  /** What is otherwise than where it was trained. @default nothing */
  readonly perturbation?: Perturbation;
  /** Rollouts that advance together. */
  readonly batch: number;
  readonly seed: number;
}

/** What draws an evaluation's plans. */
export function openPlanner(
  { policy, sampler, guidance = 1, chunking }: Omit<EvaluationSetup, 'batch'>,
  batch: number,
): Promise<Planner> {
  return policy.prepare(batch, {
    ...(sampler && { sampler }),
    guidance,
    inpainting: chunking?.scheme === 'real-time',
  });
}

interface Watching {
  /** Called as each rollout ends. */
  readonly onEnded?: (result: RolloutResult) => void;
  /** Called as the rollout of a cell begins, and after each of its control steps. */
  readonly onStep?: (cell: number, episode: Episode) => void;
}

/** Rolls a policy out over cells of the grid. Starts are the same for every policy of a seed. */
export async function evaluateCells(
  setup: EvaluationSetup,
  cells: readonly GridCell[],
  watching: Watching = {},
): Promise<GridResult[]> {
  const planner = await openPlanner(setup, setup.batch);
  try {
    return await rollOutCells(setup, planner, cells, watching);
  } finally {
    await planner.dispose();
  }
}

/** The same with a planner that is open, and stays so. */
export async function rollOutCells(
  { rapier, task, actionHorizon, chunking, perturbation, seed }: Omit<EvaluationSetup, 'batch'>,
  planner: Planner,
  cells: readonly GridCell[],
  { onEnded, onStep }: Watching = {},
): Promise<GridResult[]> {
  const requests = cells.map(({ start, noise, instruction }) => ({
    initial: evaluationStart(task, { seed, start, instruction }),
    noiseKey: [seed, start, noise],
  }));
  const results = await rollOut(rapier, task, planner, requests, {
    actionHorizon,
    ...(chunking && { chunking }),
    ...(perturbation && { perturbation }),
    ...(onEnded && { onEnded }),
    ...(onStep && { onStep }),
  });
  return results.map((result, i) => ({ ...result, ...cells[i] }));
}

/** Plans timed at batch 1, after the first and a few more to warm up. */
const TIMED_PLANS = 50;
const WARM_UP_PLANS = 3;

/**
 * Times single plans, as a robot would ask for them: batch 1, from normalising to chunk.
 *
 * @returns null where there was no plan to be timed
 */
export async function timePlans({
  task,
  policy,
  sampler,
  actionHorizon,
  guidance = 1,
  seed,
}: Omit<EvaluationSetup, 'rapier' | 'batch'>): Promise<PlanTimes | null> {
  const about = policy.describe();
  const { obsHorizon, observationDim } = about;
  const planner = await policy.prepare(1, { ...(sampler && { sampler }), guidance });
  try {
    const { joints, gripperOpening, objects } = evaluationStart(task, { seed, start: 0 });
    const environment = task.environmentState([0.34, 0, 0.14], objects);
    const state = [...joints, gripperOpening];
    const row = Float32Array.from([...state, ...environment]).subarray(0, observationDim);
    const eye = eyeOf(about);
    const told = eye ? { images: eye.look(task, state, objects) } : {};
    const random = Random.of(seed);
    const drawn: { ms: number; wire: number | undefined }[] = [];
    for (let i = 0; i <= WARM_UP_PLANS + TIMED_PLANS; i++) {
      const observation = new Float32Array(obsHorizon * observationDim);
      for (let k = 0; k < obsHorizon; k++) observation.set(row, k * observationDim);
      const began = performance.now();
      const { times, failures } = await planner.draw(observation, [random], told);
      const ms = performance.now() - began;
      if (!failures?.size) drawn.push({ ms, wire: times.wire });
    }
    const steady = drawn.slice(1 + WARM_UP_PLANS);
    if (steady.length === 0) return null;
    const chunk = percentiles(steady.map(({ ms }) => ms));
    const wire = steady.flatMap((each) => each.wire ?? []);
    return {
      chunk,
      perStep: mapPercentiles(chunk, (ms) => ms / actionHorizon),
      firstCall: drawn[0].ms,
      n: steady.length,
      ...(wire.length > 0 && { wire: percentiles(wire) }),
    };
  } finally {
    await planner.dispose();
  }
}

function mapPercentiles(values: Percentiles, map: (value: number) => number): Percentiles {
  const { p50, p90, p95, p99, max } = values;
  return { p50: map(p50), p90: map(p90), p95: map(p95), p99: map(p99), max: map(max) };
}

/** Whether a policy's rollouts from one start can differ. */
interface Noisy {
  readonly abilities: Pick<Abilities, 'noise'>;
}

/** Share of the rollouts of which something holds; its interval counts what is shared by a start once. */
export function shareOf(
  results: readonly GridResult[],
  { abilities }: Noisy,
  holds: (result: GridResult) => boolean,
): Proportion {
  const clusters = byStart(results).map(
    (group): Cluster => ({ k: group.filter(holds).length, n: group.length }),
  );
  if (abilities.noise) return clusteredProportion(clusters);
  // Without noise all rollouts from one start are the same rollout.
  const k = clusters.reduce((sum, cluster) => sum + cluster.k, 0);
  return proportion(k, results.length, clusters.length);
}

/** How many of the results show each of a task's modes, in their order. */
export function countModes(task: Task, results: readonly GridResult[]): number[] {
  return modeNames(task).map((mode) => results.filter((result) => result.mode === mode).length);
}

/** The same numbers by the modes' names. */
export function byMode(task: Task, counts: readonly number[]): Record<string, number> {
  return Object.fromEntries(modeNames(task).map((mode, i) => [mode, counts[i]]));
}

/** How many starts a grid has. */
export function countStarts(cells: readonly GridCell[]): number {
  return new Set(cells.map(({ start }) => start)).size;
}

function byStart(results: readonly GridResult[]): GridResult[][] {
  const starts = [...new Set(results.map(({ start }) => start))];
  return starts.map((start) => results.filter((result) => result.start === start));
}

/** What a policy's rollouts amount to. */
export function summarize(
  task: Task,
  results: readonly GridResult[],
  {
    name,
    run,
    about,
    sampler,
    actionHorizon,
    guidance,
    demonstrated,
    latencyMs,
    replayable = true,
  }: {
    name: string;
    run: string | null;
    about: PolicyDescription;
    sampler: SamplerSpec | null;
    actionHorizon: number;
    guidance?: number | undefined;
    /** Demonstrations the policy was trained on, by mode. */
    demonstrated: Readonly<Record<string, number>> | null;
    latencyMs: PolicyResult['latencyMs'];
    /** @default true */
    replayable?: boolean;
  },
): PolicyResult {
  return {
    name,
    run,
    sampler: sampler?.kind ?? null,
    nfe: evaluationsOf(about, sampler, guidance),
    ...etaOf(sampler),
    ...(guidance !== undefined && { guidance }),
    actionHorizon,
    ...measuresOf(task, results, about, demonstrated),
    latencyMs,
    ...failuresOf(results),
    ...(!replayable && { replayable }),
  };
}

/** What rollouts say of a policy, however it was drawn and timed. */
export type RolloutMeasures = Pick<
  PolicyResult,
  | 'success'
  | 'contact'
  | 'modes'
  | 'modeEntropy'
  | 'modeEntropyCi95'
  | 'conditionalEntropy'
  | 'klToDemos'
  | 'invalidMiddle'
  | 'firstPlans'
  | 'modeSwitchRate'
  | 'seamJump'
  | 'stepsToSuccess'
  | 'plansToDecision'
  | 'jerk'
  | 'seamVelocity'
>;

/** @param demonstrated demonstrations the policy was trained on, by mode */
export function measuresOf(
  task: Task,
  results: readonly GridResult[],
  about: Noisy,
  demonstrated: Readonly<Record<string, number>> | null,
): RolloutMeasures {
  const n = results.length;
  const modes = modeNames(task);
  const starts = byStart(results);
  const rate = (holds: (result: GridResult) => boolean) => shareOf(results, about, holds);
  const successes = results.filter(({ success }) => success);
  const counts = countModes(task, successes);
  const entropyOf = (group: readonly GridResult[]) =>
    group.length === 0 ? 0 : entropy(countModes(task, group), modes.length);
  const succeeded = starts.map((group) => group.filter(({ success }) => success));
  const perStart = succeeded.map((group) =>
    correctedEntropy(countModes(task, group), modes.length),
  );
  const plans = countBy(results.map(({ firstPlan }) => firstPlan ?? 'none'));
  return {
    success: rate(({ success }) => success),
    contact: rate(({ contact }) => contact),
    modes: byMode(task, counts),
    modeEntropy: entropyOf(successes),
    modeEntropyCi95: bootstrap95(succeeded, (sample) => entropyOf(sample.flat())),
    conditionalEntropy: mean(perStart),
    klToDemos:
      demonstrated &&
      divergenceOf(
        counts,
        modes.map((mode) => demonstrated[mode] ?? 0),
      ),
    invalidMiddle: rate(({ firstPlan }) => firstPlan === 'invalid'),
    firstPlans: plans,
    modeSwitchRate: results.filter(({ switched }) => switched).length / n,
    seamJump: rootMeanSquare(results.map(({ seam }) => seam)) ?? 0,
    stepsToSuccess: successes.length === 0 ? null : mean(successes.map(({ steps }) => steps)),
    plansToDecision: plansToDecision(results),
    ...smoothnessOf(results),
  };
}

/** Nothing where no result tells of it. */
function smoothnessOf(results: readonly GridResult[]): Pick<PolicyResult, keyof Smoothness> {
  const known = results.flatMap(({ smoothness }) => smoothness ?? []);
  if (known.length === 0) return {};
  return {
    jerk: meanAndMax(known.map(({ jerk }) => jerk)),
    seamVelocity: meanAndMax(known.map(({ seamVelocity }) => seamVelocity)),
  };
}

/** Reasons that are told apart; those of further ones are counted together. */
const MOST_REASONS = 7;

/** Why rollouts ended without a plan, the most frequent reasons first; nothing where none did. */
export function failuresOf(results: readonly GridResult[]): { failures?: Failures } {
  const counts = Object.entries(countBy(results.flatMap(({ failure }) => failure ?? [])));
  if (counts.length === 0) return {};
  counts.sort(([, a], [, b]) => b - a);
  const others = counts.slice(MOST_REASONS).reduce((sum, [, count]) => sum + count, 0);
  return {
    failures: Object.fromEntries([
      ...counts.slice(0, MOST_REASONS),
      ...(others > 0 ? [['other reasons', others] as const] : []),
    ]),
  };
}

/** Of the shares of two counts, bits; null where one is empty or a mode was never demonstrated. */
function divergenceOf(counts: readonly number[], shown: readonly number[]): number | null {
  const shares = (values: readonly number[]) => {
    const total = values.reduce((sum, value) => sum + value, 0);
    return values.map((value) => value / total);
  };
  const bits = divergence(shares(counts), shares(shown));
  const comparable = [counts, shown].every((values) => values.some((value) => value > 0));
  return comparable && Number.isFinite(bits) ? bits : null;
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
