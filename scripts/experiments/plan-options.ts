import { type Command, Option } from 'commander';
import type { ExperimentRequest } from '../../server/experiments/make-plan.ts';
import { BATCH } from '../../server/jobs/rollouts.ts';
import { SCHEMES, type Scheme } from '../../server/protocol/chunking.ts';
import { LIMITS } from '../../server/protocol/limits.ts';
import type { Perturbation } from '../../sim/index.ts';
import {
  DELAYS,
  type EvaluationOptions,
  perturbOption,
  sayOption,
  withGrid,
} from '../compare/options.ts';
import {
  etaOption,
  listOf,
  numberWithin,
  oneOf,
  parseLane,
  SEED,
  samplerOption,
  wholeNumber,
  withCommon,
  withEngine,
  withTextEncoder,
} from '../options.ts';

export interface PlanOptions
  extends Omit<EvaluationOptions, 'actionHorizon' | 'guidance' | 'policyServers' | 'checkpoints'> {
  readonly policies: string;
  readonly trainingSeeds?: readonly number[];
  readonly sampler?: string;
  readonly nfe?: readonly number[];
  readonly eta?: number;
  readonly actionHorizon?: readonly number[];
  readonly guidance?: readonly number[];
  readonly delays?: readonly number[];
  readonly schemes?: readonly Scheme[];
  readonly perturb?: readonly Perturbation[];
  readonly shardSize: number;
}

/** Axes of an experiment as `compare` takes them, but that each may be a list. */
export function withAxes(command: Command): Command {
  return withGrid(withTextEncoder(withEngine(withCommon(command))))
    .requiredOption(
      '--policies <list>',
      'names that ship or run ids, each as NAME, NAME:SAMPLER or NAME:SAMPLER:NFE, and ' +
        "LeRobot's diffusion policies as lerobot:DIR and ONNX files as onnx:FILE",
    )
    .option(
      '--training-seeds <list>',
      'in the place of each run of --policies those that were trained alike with these seeds',
      listOf(SEED),
    )
    .addOption(samplerOption())
    .option(
      '--nfe <list>',
      'network evaluations per chunk, of policies that name no sampler',
      listOf(wholeNumber(1, 1000)),
    )
    .addOption(etaOption())
    .option(
      '--action-horizon <list>',
      'control steps executed of each plan (default: 1 s)',
      listOf(wholeNumber(1, 128)),
    )
    .option(
      '--guidance <list>',
      'scales of classifier-free guidance: 0 ignores the instruction, 1 as trained',
      listOf(numberWithin(0, LIMITS.guidance)),
    )
    .option(
      '--delays <list>',
      'control steps that planning takes, with each scheme (default: none)',
      listOf(wholeNumber(0, 128)),
    )
    .addOption(
      new Option(
        '--schemes <list>',
        `what the arm does while planning: ${SCHEMES.join(', ')} (default: all)`,
      )
        .argParser(listOf(oneOf(SCHEMES)))
        .implies({ delays: DELAYS }),
    )
    .addOption(perturbOption())
    .addOption(sayOption())
    .option(
      '--shard-size <n>',
      'rollouts of one shard: what a kill can lose, and what a machine takes at a time',
      wholeNumber(1, LIMITS.rollouts),
      50,
    );
}

/** @throws ProtocolError 'invalid-request' for an entry that names no policy */
export function requestOfPlan(options: PlanOptions): ExperimentRequest {
  const { rollouts, starts, seed, say, shardSize, delays = [], schemes = SCHEMES } = options;
  const { policies, sampler, nfe = [undefined], eta } = options;
  const choices = nfe.map((each) => ({
    ...(sampler !== undefined && { sampler }),
    ...(each !== undefined && { nfe: each }),
    ...(eta !== undefined && { eta }),
  }));
  const lanes = policies
    .split(',')
    .flatMap((entry) => choices.map((choice) => parseLane(entry, choice)));
  const chunkings = schemes.flatMap((scheme) => delays.map((delay) => ({ scheme, delay })));
  return {
    ...{ lanes, rollouts, starts, seed, instruction: say, shardSize, batch: BATCH },
    actionHorizons: options.actionHorizon ?? [null],
    guidances: options.guidance ?? [null],
    chunkings: chunkings.length > 0 ? chunkings : [null],
    perturbations: options.perturb ?? [],
  };
}
