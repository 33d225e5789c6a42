import type { GridResult } from '../../server/evaluation/evaluate.ts';
import type { ExperimentDirectory } from '../../server/experiments/directory.ts';
import { type Contender, cellsOf, type ExperimentPlan } from '../../server/experiments/plan.ts';
import { encodeShard } from '../../server/experiments/result-file.ts';
import type { ShardResult } from '../../server/experiments/run-shard.ts';
import { type ShardDescription, shardId } from '../../server/experiments/shard.ts';
import { PHYSICS } from '../../sim/index.ts';

const CONTENDER: Contender = {
  source: { kind: 'shipped', name: 'flow' },
  digest: 'f'.repeat(64),
  sampler: { kind: 'euler', steps: 1 },
  actionHorizon: 20,
  guidance: null,
  chunking: null,
  name: 'flow',
  nfe: 1,
  noise: true,
  demonstrated: { left: 1, right: 1 },
};

/** Two contenders of six rollouts each, in shards of two, that nobody has run. */
export function somePlan(change: Partial<ExperimentPlan> = {}): ExperimentPlan {
  return {
    format: 1,
    code: { version: '1.0.0', digest: 'c'.repeat(64) },
    physics: PHYSICS,
    engine: 'compiled',
    batch: 25,
    task: 'left-right',
    seed: 3,
    instruction: null,
    rollouts: 6,
    starts: 2,
    contenders: [CONTENDER, { ...CONTENDER, sampler: { kind: 'euler', steps: 4 }, nfe: 4 }],
    leftOut: [],
    shardSize: 2,
    ...change,
  };
}

/** Made up, a function of all that decides it: what a rollout is to the files that hold it. */
function someRollout(
  plan: Pick<ShardDescription, 'acting'>,
  start: number,
  noise: number,
  told: Pick<GridResult, 'smoothness' | 'offset'> = {},
): GridResult {
  const { mass = 0 } = plan.acting.perturbation ?? {};
  const salt = plan.acting.actionHorizon + 7 * start + 3 * noise + mass;
  const steps = plan.acting.sampler?.kind === 'euler' ? plan.acting.sampler.steps : 0;
  const success = (salt + steps) % 3 !== 0;
  const mode = (salt + steps) % 2 === 0 ? 'left' : 'right';
  return {
    start,
    noise,
    success,
    contact: !success,
    mode: success ? mode : null,
    lifted: success ? 'ball' : null,
    steps: 80 + salt,
    firstPlan: success ? mode : 'invalid',
    plans: [success ? mode : 'invalid', null, mode],
    switched: false,
    seam: { squares: salt / 7, count: 7 * steps },
    motion: {
      seams: { squares: 1 / (1 + salt), count: 7 },
      beside: { squares: 0.1 * salt, count: 14 },
    },
    ...told,
    replayHash: (salt * 2654435761).toString(16).padStart(16, '0'),
  };
}

/** As earlier versions had it, which told neither of smoothness nor of offsets. */
export function someResult(shard: ShardDescription): ShardResult {
  const rollouts = shard.cells.map(([start, noise]) => someRollout(shard, start, noise));
  return { rollouts, engine: 'made up' };
}

/** As this version has it. */
export function someNewResult(shard: ShardDescription): ShardResult {
  const rollouts = shard.cells.map(([start, noise]) => {
    return someRollout(shard, start, noise, newsOf(start, noise));
  });
  return { rollouts, engine: 'made up' };
}

function newsOf(start: number, noise: number): Pick<GridResult, 'smoothness' | 'offset'> {
  const side = noise % 2 === 0 ? 1 : -1;
  return {
    smoothness: {
      jerk: { count: 80, sum: 800 / (1 + noise), max: 30 + start },
      seamVelocity: { count: 4, sum: 0.5 + noise / 7, max: 0.25 },
    },
    offset: { plan: noise === 0 ? null : 0.12 * side, hand: 0.1 * side + start / 100 },
  };
}

/** All of them as one process would have rolled them out. */
export function allRollouts(plan: ExperimentPlan): GridResult[][] {
  return plan.contenders.map((acting) => {
    return cellsOf(plan).map(({ start, noise }) => someRollout({ acting }, start, noise));
  });
}

/** The same as this version tells of them. */
export function allNewRollouts(plan: ExperimentPlan): GridResult[][] {
  return allRollouts(plan).map((rollouts) =>
    rollouts.map((each) => ({ ...each, ...newsOf(each.start, each.noise) })),
  );
}

/** Keeps a result of a shard in an experiment's directory. */
export function keepResult(
  directory: ExperimentDirectory,
  shard: ShardDescription,
  result = someResult(shard),
): Promise<void> {
  return directory.keep(shardId(shard), encodeShard(shard, result));
}
