/** Runs that were trained alike but for their seed: which there are, and what the seed makes of results. */
import type { RolloutMeasures } from '../evaluation/evaluate.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Run } from '../protocol/runs.ts';
import { runOf } from '../protocol/sources.ts';
import type { Lane } from '../protocol/stage.ts';
import { mean } from '../statistics/index.ts';
import type { Workspace } from '../storage/workspace.ts';
import { digestOfData } from './canonical.ts';
import { type Contender, trainingName } from './plan.ts';

/** What a run was trained as. */
export interface TrainedAs {
  /** Sha-256 of all that decides its weights but the seed. */
  readonly alike: string;
  /** Of its first weights, the order of its data and its noise. */
  readonly seed: number;
}

export function trainedAs({
  policy,
  preset,
  spec,
  dataset: { hash },
  training: { seed, ...training },
  teacher,
  from,
}: Pick<
  Run,
  'policy' | 'preset' | 'spec' | 'dataset' | 'training' | 'teacher' | 'from'
>): TrainedAs {
  const alike = digestOfData({ policy, preset, spec, dataset: hash, training, teacher, from });
  return { alike, seed };
}

/**
 * Puts the runs that were trained as a lane's was, one for each seed, in the place of that lane; lanes
 * of policies that are no runs stay as they are. Of several with one seed it is the lane's own, or the
 * newest: their weights are the same.
 *
 * @throws ProtocolError 'invalid-request' where no lane is of a run; 'not-found' for a seed of which
 *         there is no run whose training is over, with the command that trains it
 */
export async function withTrainingSeeds(
  { runs }: Pick<Workspace, 'runs'>,
  lanes: readonly Lane[],
  seeds: readonly number[],
): Promise<Lane[]> {
  if (lanes.every(({ policy }) => runOf(policy) === null)) {
    throw new ProtocolError(
      'invalid-request',
      'training seeds: expected a run among the policies, whose training the seeds are of, got none; ' +
        'train one, and name it by its id',
    );
  }
  const all = await runs.list();
  const placed = await Promise.all(
    lanes.map(async (lane) => {
      const id = runOf(lane.policy);
      if (id === null) return [lane];
      const own = await runs.read(id);
      const candidates = [own, ...all.filter((each) => each.id !== id)];
      return seeds.map((seed): Lane => {
        const found = candidates.find((each) => isOver(each) && isAlike(each, own, seed));
        if (found) return { ...lane, policy: { kind: 'run', id: found.id } };
        throw missing(own, seed);
      });
    }),
  );
  return placed.flat();
}

function isOver({ step, training }: Run): boolean {
  return step >= training.steps;
}

function isAlike(run: Run, own: Run, seed: number): boolean {
  const trained = trainedAs(run);
  return trained.seed === seed && trained.alike === trainedAs(own).alike;
}

function missing(own: Run, seed: number): ProtocolError {
  const { id, policy, preset, dataset, training } = own;
  return new ProtocolError(
    'not-found',
    `training seeds: expected a run that was trained to its end as ${id} is, with seed ${seed}, got ` +
      `none; train it with what else was asked of ${id}: forking-paths train --policy ${policy} ` +
      `--preset ${preset} --dataset ${dataset.name} --steps ${training.steps} --seed ${seed}`,
  );
}

/** A number of several seeds. */
export interface Spread {
  readonly mean: number;
  /** Standard deviation of what the seeds are a sample of. */
  readonly deviation: number;
  readonly least: number;
  readonly most: number;
}

/** One training with several seeds. */
export interface SeedSpread {
  /** By method in the place of the run. */
  readonly name: string;
  /** Ascending. */
  readonly seeds: readonly number[];
  /** Places among the contenders, in the order of the seeds. */
  readonly members: readonly number[];
  readonly success: Spread;
  /** Of the ways, as the report's. */
  readonly entropy: Spread;
}

/** Contenders that differ in nothing but the seed they were trained with, where there are several. */
export function seedSpreads(
  contenders: readonly Contender[],
  measures: readonly RolloutMeasures[],
  entropy: 'modeEntropy' | 'conditionalEntropy',
): SeedSpread[] {
  const groups = new Map<string, number[]>();
  contenders.forEach((contender, i) => {
    if (!contender.trained) return;
    const { sampler, actionHorizon, guidance, chunking, perturbation, trained } = contender;
    const acting = { sampler, actionHorizon, guidance, chunking, perturbation };
    const key = digestOfData({ ...acting, alike: trained.alike });
    groups.set(key, [...(groups.get(key) ?? []), i]);
  });
  const seedOf = (i: number) => contenders[i].trained?.seed ?? 0;
  return [...groups.values()]
    .filter((members) => new Set(members.map(seedOf)).size > 1)
    .map((group) => {
      const members = group.sort((a, b) => seedOf(a) - seedOf(b));
      return {
        name: trainingName(contenders[members[0]]),
        seeds: members.map(seedOf),
        members,
        success: spreadOf(members.map((i) => measures[i].success.rate)),
        entropy: spreadOf(members.map((i) => measures[i][entropy])),
      };
    });
}

/** @param values two or more */
function spreadOf(values: readonly number[]): Spread {
  const middle = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return {
    mean: middle,
    deviation: Math.sqrt(squares / (values.length - 1)),
    least: Math.min(...values),
    most: Math.max(...values),
  };
}
