import type { Command } from 'commander';
import type { CompareRequest } from '../../server/protocol/compare.ts';
import { LIMITS } from '../../server/protocol/limits.ts';
import {
  actionHorizonOption,
  type CommonOptions,
  type EngineOptions,
  instructionText,
  numberWithin,
  SEED,
  wholeNumber,
  withCommon,
  withEngine,
} from '../options.ts';

export interface EvaluationOptions extends CommonOptions, EngineOptions {
  readonly rollouts: number;
  readonly starts?: number;
  readonly seed: number;
  readonly actionHorizon?: number;
  readonly say?: string;
  readonly guidance?: number;
}

/** What options ask of every comparison. */
export function requestOf({
  rollouts,
  starts,
  seed,
  actionHorizon,
  say,
  guidance,
}: EvaluationOptions): Omit<CompareRequest, 'policies'> {
  return { rollouts, starts, seed, actionHorizon, instruction: say, guidance };
}

/** Options that `evaluate` and `compare` share. */
export function withEvaluation(command: Command): Command {
  return withEngine(withCommon(command))
    .option(
      '--rollouts <n>',
      'pairs of start and noise seed, on a grid of about √n × √n',
      wholeNumber(1, LIMITS.rollouts),
      100,
    )
    .option(
      '--starts <n>',
      'from so many starts instead, 1 to --rollouts, with as many noise seeds each as these allow; ' +
        'where it does not divide, the first starts have one more (default: about √rollouts)',
      wholeNumber(1, LIMITS.rollouts),
    )
    .option('--seed <n>', 'seed of starts and noise; starts are never those of training', SEED, 0)
    .addOption(actionHorizonOption())
    .option('--say <text>', 'tell policies that read this, in every rollout', instructionText)
    .option(
      '--guidance <w>',
      'how much that counts: 0 not, 1 as learnt',
      numberWithin(0, LIMITS.guidance),
    );
}
