import { type Command, Option } from 'commander';
import {
  numberWithin,
  SEED,
  wholeNumber,
  withCommon,
  withEngine,
  withTextEncoder,
} from '../options.ts';
import type { TrainingPlace } from '../painting/on-cats.ts';
import { beginOnPairs, trainOnPairs } from '../painting/on-pairs.ts';
import { goOn, reportTraining } from '../painting/take-steps.ts';
import { filePath } from '../paths.ts';

interface ReflowOptions extends TrainingPlace {
  readonly teacher: string;
  readonly guidance: number;
  readonly pairs: number;
  readonly steps?: number;
  readonly seed: number;
  readonly out: string;
  readonly resume?: string;
}

/** Optimiser steps of a reflow that says nothing of them. */
const STEPS = 2000;

export function defineReflow(command: Command): void {
  withTextEncoder(withEngine(withCommon(command)))
    .description('train a flow on its own pairs of noise and picture, to draw in one step')
    .requiredOption('--teacher <file>', 'the flow: a file that "pictures train" wrote', filePath)
    .option(
      '--guidance <w>',
      'guidance scale that the pairs are drawn with, and that the student therefore has built in',
      numberWithin(0, 100),
      1,
    )
    .option('--pairs <n>', 'pairs to learn from', wholeNumber(1, 100_000), 4096)
    .option(
      '--steps <n>',
      `optimiser steps in all (default: ${STEPS}, or as many as the resumed run was to take)`,
      wholeNumber(1, 10_000_000),
    )
    .option('--seed <n>', 'seed of captions, noise and data order', SEED, 0)
    .addOption(
      new Option('--resume <file>', 'continue a training run that was stopped').conflicts([
        ...['guidance', 'pairs', 'seed'],
      ]),
    )
    .requiredOption('--out <file>', 'file to write', filePath)
    .action(reflow);
}

async function reflow(options: ReflowOptions): Promise<void> {
  const { teacher, resume: resumed, steps, json } = options;
  const begun = await (resumed === undefined
    ? beginOnPairs(teacher, { ...options, steps: steps ?? STEPS })
    : goOn(resumed, steps));
  reportTraining(await trainOnPairs(begun, { ...options, resumed }), json === true);
}
