import { type Command, Option } from 'commander';
import {
  FLOW_TIMES,
  METHOD_NAMES,
  type MethodName,
  PREDICTIONS,
  PRESET_NAMES,
  type PresetName,
} from '../../policies/config/index.ts';
import type { GridRequest } from '../../server/grids/plan-grid.ts';
import { startWork } from '../../server/jobs/process.ts';
import { ProtocolError } from '../../server/protocol/errors.ts';
import { type Run, type TrainRequest, trainRequestSchema } from '../../server/protocol/runs.ts';
import { namedEncoder, type TextEncoderPlace } from '../../server/storage/text-encoder.ts';
import { openWorkspace, type Workspace } from '../../server/storage/workspace.ts';
import { createRun, prolong } from '../../server/training/create-run.ts';
import { EXIT } from '../exit.ts';
import { interruptible } from '../interrupt.ts';
import {
  type CommonOptions,
  type EngineOptions,
  parseSource,
  SEED,
  wholeNumber,
  withCommon,
  withEngine,
  withTextEncoder,
} from '../options.ts';
import { ProgressInTurn } from '../progress.ts';
import { printJson } from '../table.ts';
import {
  asksForGrid,
  GRID_OPTIONS,
  type GridChoices,
  trainOrShowGrid,
  withGridChoices,
} from './train-grid.ts';

interface TrainOptions extends CommonOptions, EngineOptions, TextEncoderPlace, GridChoices {
  readonly policy?: MethodName;
  readonly preset: PresetName;
  readonly dataset?: string;
  readonly steps?: number;
  readonly seed: number;
  readonly flowTime?: string;
  readonly prediction?: string;
  readonly teacher?: string;
  readonly from?: string;
  readonly resume?: string;
}

export function defineTrain(command: Command): void {
  withTextEncoder(withEngine(withCommon(command)))
    .addOption(new Option('--policy <name>', 'what to train').choices([...METHOD_NAMES]))
    .option('--dataset <name>', 'what to train on')
    .addOption(
      new Option('--preset <name>', 'size and budget').choices([...PRESET_NAMES]).default('quick'),
    )
    .option(
      '--steps <n>',
      "optimiser steps (default: the preset's); with --resume, in all: a longer run than it began as",
      wholeNumber(1, 10_000_000),
    )
    .option('--seed <n>', 'seed of weights, data order and noise', SEED, 0)
    .addOption(
      new Option(
        '--flow-time <density>',
        'density of flow times in training: even, more at the noise (beta), more in the middle, most of ' +
          'them at the start',
      ).choices([...FLOW_TIMES]),
    )
    .addOption(
      new Option(
        '--prediction <what>',
        "what a diffusion's network predicts: the noise (epsilon), the clean chunk (data; elsewhere called " +
          'sample), or a mixture of both (v) (default: v; epsilon in the preset paper)',
      ).choices([...PREDICTIONS]),
    )
    .option(
      '--teacher <policy>',
      'what reflow learns from: flow, as it ships, or the id of a run of it (default: flow)',
    )
    .option(
      '--from <policy>',
      'start from the weights and units of this policy or run, which has the same network ' +
        '(default: random weights)',
    );
  withGridChoices(command)
    .addOption(
      // All else that defines a run was said when it began.
      new Option('--resume <run>', 'continue a run that was stopped or interrupted').conflicts([
        'policy',
        'dataset',
        'preset',
        'seed',
        'flowTime',
        'prediction',
        'teacher',
        'from',
        ...GRID_OPTIONS,
      ]),
    )
    .action(train);
}

async function train(options: TrainOptions): Promise<void> {
  const workspace = openWorkspace(options);
  if (asksForGrid(options)) {
    await trainOrShowGrid(workspace, gridOf(options), options);
    return;
  }
  const run = await takeUp(workspace, options);
  for (const warning of run.warnings) process.stderr.write(`warning: ${warning}\n`);
  const trained = await trainWithProgress(workspace, run);
  if (trained.status === 'stopped') process.exitCode = EXIT.interrupted;
  if (options.json) {
    printJson(trained);
    return;
  }
  const { id, status, step, loss, seconds, straightness } = trained;
  process.stdout.write(
    `${id}: ${status} at step ${step}, loss ${loss?.toPrecision(4) ?? '–'}, ` +
      `${seconds.toFixed(0)} s\n` +
      (straightness
        ? `straightness S ${straightness.before.toPrecision(3)} before, ` +
          `${straightness.after.toPrecision(3)} after (0 is straight)\n`
        : '') +
      (step > 0 ? `evaluate it with: npm run -s fp -- evaluate --run ${id}\n` : '') +
      (status === 'stopped' ? `continue it with: npm run -s fp -- train --resume ${id}\n` : ''),
  );
}

async function takeUp({ runs, datasets, place }: Workspace, options: TrainOptions): Promise<Run> {
  const { resume, steps, policy } = options;
  if (resume !== undefined) {
    return steps === undefined ? runs.read(resume) : prolong(runs, resume, steps);
  }
  if (policy === undefined || options.dataset === undefined) throw incomplete();
  const request = requestOf(options, policy);
  return createRun(runs, datasets, request, await namedEncoder(place));
}

function incomplete(): ProtocolError {
  return new ProtocolError(
    'invalid-request',
    'train: expected --policy NAME (or --policies LIST) and --dataset NAME (or --resume RUN)',
  );
}

function requestOf(
  { preset, seed, dataset, steps, flowTime, prediction, teacher, from }: TrainOptions,
  policy: MethodName,
): TrainRequest {
  return trainRequestSchema.parse({
    ...{ policy, dataset, preset, steps, seed, flowTime, prediction },
    ...(teacher !== undefined && { teacher: parseSource(teacher) }),
    ...(from !== undefined && { from: parseSource(from) }),
  });
}

/** Lists in the place of what they are lists of. */
function gridOf(options: TrainOptions): GridRequest {
  const { policy, policies = policy === undefined ? [] : [policy] } = options;
  if (policies.length === 0 || options.dataset === undefined) throw incomplete();
  const { presets = [options.preset], seeds = [options.seed] } = options;
  const { policy: _, preset: __, seed: ___, ...common } = requestOf(options, policies[0]);
  return { ...common, policies, presets, seeds };
}

/**
 * Trains a run in a child process, with a progress line; Ctrl-C stops it with a checkpoint.
 *
 * @param ending stops it as Ctrl-C does
 */
export async function trainWithProgress(
  workspace: Workspace,
  run: Run,
  ending?: AbortSignal,
): Promise<Run> {
  const { policy, training } = run;
  const progress = new ProgressInTurn();
  const input = { place: workspace.place, run: run.id };
  const message = `stopping ${run.id} with a checkpoint; resume it with --resume`;
  try {
    return await interruptible(message, (signal) => {
      const work = startWork('train', input, (at) => {
        if ('preparing' in at) {
          progress.show(`${policy}, ${at.preparing} %`, 100, Math.round(100 * at.share));
        } else {
          progress.show(policy, training.steps, at.step, `loss ${at.loss.toPrecision(3)}`);
        }
      });
      for (const each of [signal, ending]) each?.addEventListener('abort', () => work.stop());
      return work.result;
    });
  } finally {
    progress.stop();
  }
}
