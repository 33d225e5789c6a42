/** All rollouts of an experiment as one Parquet file: a row each, with whose it is. */
import { type Column, encodeParquet } from '../../demos/store/parquet/encode.ts';
import { formatPerturbation } from '../../sim/index.ts';
import { runOf } from '../protocol/sources.ts';
import { canonicalJson } from './canonical.ts';
import type { MergedExperiment } from './merge.ts';
import { type Contender, type ExperimentPlan, essenceOf } from './plan.ts';
import { columnsOfRollouts } from './rows.ts';

/** What a row says of the contender. */
const CONTENDER_COLUMNS = [
  { name: 'contender', type: 'int64', of: (_, index) => BigInt(index) },
  { name: 'policy', type: 'string', of: ({ source, name }) => runOf(source) ?? name },
  { name: 'policy_digest', type: 'string', of: ({ digest }) => digest },
  { name: 'sampler', type: 'string', of: ({ sampler }) => sampler?.kind ?? null },
  { name: 'nfe', type: 'int64', of: ({ nfe }) => (nfe === null ? null : BigInt(nfe)) },
  {
    name: 'eta',
    type: 'float64',
    of: ({ sampler }) => (sampler?.kind === 'ddim' ? sampler.eta : null),
  },
  { name: 'action_horizon', type: 'int64', of: ({ actionHorizon }) => BigInt(actionHorizon) },
  { name: 'guidance', type: 'float64', of: ({ guidance }) => guidance },
  { name: 'scheme', type: 'string', of: ({ chunking }) => chunking?.scheme ?? null },
  {
    name: 'delay',
    type: 'int64',
    of: ({ chunking }) => (chunking === null ? null : BigInt(chunking.delay)),
  },
  {
    name: 'training_seed',
    type: 'int64',
    of: ({ trained }) => (trained ? BigInt(trained.seed) : null),
  },
  {
    name: 'perturbation',
    type: 'string',
    of: ({ perturbation }) => (perturbation ? formatPerturbation(perturbation) : null),
  },
] as const satisfies readonly (Pick<Column, 'name' | 'type'> & {
  readonly of: (contender: Contender, index: number) => unknown;
})[];

/**
 * Equal experiments give equal bytes, however they were cut and wherever their shards were run.
 *
 * @returns the bytes of a Parquet file
 */
export function encodeMerged(
  plan: ExperimentPlan,
  { contenders, engine }: MergedExperiment,
): Uint8Array {
  const rollouts = contenders.flatMap((each) => each.rollouts);
  const whose = contenders.flatMap(({ contender, rollouts: own }, index) =>
    own.map(() => ({ contender, index })),
  );
  const columns = CONTENDER_COLUMNS.map(({ name, type, of }) => ({
    ...{ name, type },
    data: whose.map(({ contender, index }) => of(contender, index)),
  }));
  return encodeParquet(
    [...columns, ...columnsOfRollouts(rollouts, plan.seed)],
    [
      { key: 'forking-paths:experiment', value: canonicalJson(essenceOf(plan)) },
      { key: 'forking-paths:engine', value: engine },
    ],
  );
}
