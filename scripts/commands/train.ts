import { type Command, Option } from 'commander';
import { POLICY_NAMES, PRESET_NAMES } from '../../policies/spec/index.ts';
import { startWork } from '../../server/jobs/process.ts';
import { createRun } from '../../server/lab/train.ts';
import { openWorkspace, type Workspace } from '../../server/lab/workspace.ts';
import { ProtocolError } from '../../server/protocol/errors.ts';
import { type Run, trainRequestSchema } from '../../server/protocol/runs.ts';
import { onInterrupt } from '../interrupt.ts';
import {
  type CommonOptions,
  type EngineOptions,
  wholeNumber,
  withCommon,
  withEngine,
} from '../options.ts';
import { startProgress } from '../progress.ts';
import { printJson } from '../table.ts';

interface TrainOptions extends CommonOptions, EngineOptions {
  readonly policy?: string;
  readonly preset: string;
  readonly dataset?: string;
  readonly steps?: number;
  readonly seed: number;
  readonly resume?: string;
}

export function addTrain(program: Command): void {
  withEngine(withCommon(program.command('train')))
    .description('train one policy on a dataset')
    .addOption(new Option('--policy <name>', 'what to train').choices([...POLICY_NAMES]))
    .option('--dataset <name>', 'what to train on')
    .addOption(
      new Option('--preset <name>', 'size and budget').choices([...PRESET_NAMES]).default('quick'),
    )
    .option('--steps <n>', "optimiser steps (default: the preset's)", wholeNumber(1, 10_000_000))
    .option('--seed <n>', 'seed of weights, data order and noise', wholeNumber(0, 2 ** 31 - 1), 0)
    .addOption(
      // All that defines a run was said when it began.
      new Option('--resume <run>', 'go on with a run that was stopped or interrupted').conflicts([
        'policy',
        'dataset',
        'preset',
        'steps',
        'seed',
      ]),
    )
    .action(train);
}

async function train(options: TrainOptions): Promise<void> {
  const workspace = openWorkspace(options);
  const run = await takeUp(workspace, options);
  for (const warning of run.warnings) process.stderr.write(`warning: ${warning}\n`);
  const trained = await trainWithProgress(workspace, run);
  if (options.json) {
    printJson(trained);
    return;
  }
  const { id, status, step, loss, seconds } = trained;
  process.stdout.write(
    `${id}: ${status} at step ${step}, loss ${loss?.toPrecision(4) ?? '–'}, ` +
      `${seconds.toFixed(0)} s\n` +
      `evaluate it with: npm run -s fp -- evaluate --run ${id}\n`,
  );
}

async function takeUp(
  { runs, datasets }: Workspace,
  { resume, policy, dataset, preset, steps, seed }: TrainOptions,
): Promise<Run> {
  if (resume !== undefined) return runs.read(resume);
  if (policy === undefined || dataset === undefined) {
    throw new ProtocolError(
      'invalid-request',
      'train: expected --policy NAME and --dataset NAME (or --resume RUN)',
    );
  }
  const request = trainRequestSchema.parse({ policy, dataset, preset, steps, seed });
  return createRun(runs, datasets, request);
}

/** Trains a run in a child process, with a progress line; Ctrl-C stops it with a checkpoint. */
export async function trainWithProgress(workspace: Workspace, run: Run): Promise<Run> {
  const progress = startProgress(run.policy, run.training.steps);
  const input = { place: workspace.place, run: run.id };
  const work = startWork('train', input, ({ step, loss }) =>
    progress.update(step, `loss ${loss.toPrecision(3)}`),
  );
  onInterrupt(`stopping ${run.id} with a checkpoint; resume it with --resume`).addEventListener(
    'abort',
    () => work.stop(),
  );
  try {
    return await work.result;
  } finally {
    progress.stop();
  }
}
