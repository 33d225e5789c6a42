import type { Command } from 'commander';
import { ExperimentDirectory } from '../../server/experiments/directory.ts';
import { planExperiment } from '../../server/experiments/make-plan.ts';
import { measureExperiment, shardName } from '../../server/experiments/merge.ts';
import { encodeMerged } from '../../server/experiments/merged-file.ts';
import type { ExperimentPlan } from '../../server/experiments/plan.ts';
import { experimentId } from '../../server/experiments/plan.ts';
import { shardsOf } from '../../server/experiments/shard.ts';
import { explainForeign, survey } from '../../server/experiments/survey.ts';
import { withTrainingSeeds } from '../../server/experiments/training-seeds.ts';
import {
  type ExperimentOptions,
  type ExperimentRun,
  runExperiment,
} from '../../server/jobs/experiment.ts';
import { checkpointsAmong } from '../../server/protocol/sources.ts';
import type { QueueAddress } from '../../server/queue/address.ts';
import type { TextEncoderPlace } from '../../server/storage/text-encoder.ts';
import { openWorkspace, type Workspace } from '../../server/storage/workspace.ts';
import {
  EXPERIMENT_PLACE,
  headOf,
  mergeCommand,
  mergeDirectory,
  runCommand,
  workspaceOf,
  writeResult,
} from '../experiments/directory.ts';
import { type Part, parsePart, partFromEnvironment } from '../experiments/part.ts';
import { type PlanOptions, requestOfPlan, withAxes } from '../experiments/plan-options.ts';
import { formatContenders, formatMeasures, measuresAsCsv } from '../experiments/table.ts';
import { interruptible } from '../interrupt.ts';
import { dataOption, JSON_OPTION, wholeNumber, withTextEncoder } from '../options.ts';
import { artefactPlace, filePath } from '../paths.ts';
import { type Progress, startProgress } from '../progress.ts';
import {
  queueOption,
  remark,
  storeOption,
  storeWithoutQueue,
  withQueue,
} from '../queue/connect.ts';
import { printJson } from '../table.ts';
import { defineReport } from './experiment-report.ts';

/** Parts that the work may be divided into. */
const MOST_PARTS = 999_999;
/** The merged table, where no other place is named. */
const MERGED_FILE = 'rollouts.parquet';

export function defineExperiment(experiment: Command): void {
  withAxes(experiment.command('plan'))
    .description('write the plan of an experiment; lists are crossed to a grid')
    .argument('<dir>', EXPERIMENT_PLACE, artefactPlace)
    .action(plan);

  withTextEncoder(experiment.command('run'))
    .description(
      'run the shards that are missing; the same command continues after an interruption',
    )
    .argument('<dir>', EXPERIMENT_PLACE, artefactPlace)
    .addOption(dataOption())
    .option(
      '--shard <i/N>',
      'only part i of N of the shards (default: as SLURM_ARRAY_TASK_ID or JOB_COMPLETION_INDEX says)',
      parsePart,
    )
    .option(
      '--shards <n>',
      'how many parts there are, where only their index is in the environment',
      wholeNumber(1, MOST_PARTS),
    )
    .addOption(
      queueOption('let workers run them that take from this database').conflicts('processes'),
    )
    .addOption(storeOption('with --queue, where workers find runs that take part'))
    .option('--again', 'also run shards that are done, and check that the results are the same')
    .option(
      '--processes <n>',
      'child processes at once (default: one a core, for ten rollouts or more)',
      wholeNumber(1, 1024),
    )
    .option(...JSON_OPTION)
    .action(run);

  experiment
    .command('status')
    .description('show which shards are done, missing or damaged')
    .argument('<dir>', EXPERIMENT_PLACE, artefactPlace)
    .option(...JSON_OPTION)
    .action(status);

  experiment
    .command('merge')
    .description('write all rollouts to one Parquet file, one row each, and print the table')
    .argument('<dir>', EXPERIMENT_PLACE, artefactPlace)
    .option(
      '--out <file>',
      `where to write it (default: ${MERGED_FILE} in the directory)`,
      filePath,
    )
    .option('--csv', 'print the table as comma-separated values')
    .option(...JSON_OPTION)
    .action(merge);

  defineReport(experiment);
}

interface Printed {
  readonly json?: true;
}

async function plan(path: string, options: PlanOptions): Promise<void> {
  const directory = new ExperimentDirectory(path);
  const { lanes, ...request } = requestOfPlan(options);
  const checkpoints = checkpointsAmong(lanes.map(({ policy }) => policy));
  const workspace = openWorkspace({ ...options, checkpoints });
  const { trainingSeeds: seeds } = options;
  const seeded = seeds ? await withTrainingSeeds(workspace, lanes, seeds) : lanes;
  const planned = await planExperiment(workspace, { ...request, lanes: seeded });
  await directory.writePlan(planned);
  const shards = shardsOf(planned);
  if (options.json) {
    const ids = shards.map(({ id, contender, from, to }) => ({ id, contender, from, to }));
    printJson({ ...headOf(directory, planned), plan: planned, shards: ids });
    return;
  }
  process.stdout.write(formatContenders(planned, [], () => []));
  for (const { combination, reason } of planned.leftOut) {
    process.stdout.write(`left out: ${combination}: ${reason}\n`);
  }
  process.stdout.write(
    `${planned.rollouts} rollouts each from ${planned.starts} starts · ${shards.length} shards · ` +
      `to run them: ${runCommand(path)}\n`,
  );
}

interface RunOptions extends Printed, TextEncoderPlace {
  readonly data: string;
  readonly shard?: Part;
  readonly shards?: number;
  readonly again?: true;
  readonly processes?: number;
  readonly queue?: QueueAddress;
  readonly store?: string;
}

async function run(path: string, options: RunOptions): Promise<void> {
  if (options.store !== undefined && !options.queue) throw storeWithoutQueue('experiment run');
  const directory = new ExperimentDirectory(path);
  const planned = await directory.readPlan();
  const part = options.shard ?? partFromEnvironment(process.env, options.shards) ?? undefined;
  if (part) {
    process.stderr.write(`part ${part.index} of ${part.count}, as ${part.said} says\n`);
  }
  const workspace = workspaceOf(options, planned);
  const message =
    'stopping; finished shards are kept, and the same command goes on with the others';
  let progress: Progress | undefined;
  const began = performance.now();
  const work = options.queue === undefined ? runHere : runThere(options.queue);
  const done = await interruptible(message, (signal) =>
    work(workspace, directory, planned, {
      ...{ part, signal, again: options.again, processes: options.processes },
      onBegin({ rollouts }) {
        if (rollouts > 0) progress = startProgress('rollouts', rollouts);
      },
      onProgress: (ended, note) => progress?.update(ended, note),
    }),
  ).finally(() => progress?.stop());
  const seconds = (performance.now() - began) / 1000;
  if (options.json) {
    const { index, count } = part ?? { index: 1, count: 1 };
    printJson({ ...headOf(directory, planned), part: { index, count }, ...done, seconds });
    return;
  }
  process.stdout.write(
    `${done.shards} shards run, ${done.skipped} were there already · ${seconds.toFixed(0)} s\n`,
  );
}

/** Runs shards, here or elsewhere. */
type Runner = (
  workspace: Workspace,
  directory: ExperimentDirectory,
  planned: ExperimentPlan,
  options: Omit<ExperimentOptions, 'onProgress'> & {
    readonly onProgress: (ended: number, note?: string) => void;
  },
) => Promise<ExperimentRun>;

const runHere: Runner = (workspace, directory, planned, options) =>
  runExperiment(workspace, directory, planned, {
    ...options,
    onProgress: (ended) => options.onProgress(ended),
  });

function runThere(address: QueueAddress): Runner {
  return async (workspace, directory, planned, { processes: _, onProgress, ...options }) => {
    const { runQueued } = await import('../../server/queue/run-queued.ts');
    const who = { name: `client of ${experimentId(planned)}`, role: 'client' } as const;
    return withQueue(address, who, (queue) =>
      runQueued(workspace, directory, planned, queue, {
        ...options,
        onProgress: (ended, workers) =>
          onProgress(ended, workers === null ? undefined : `· ${workers} workers`),
        onNotice: remark,
      }),
    );
  };
}

async function status(path: string, { json }: Printed): Promise<void> {
  const directory = new ExperimentDirectory(path);
  const planned = await directory.readPlan();
  const { shards, foreign } = survey(planned, await directory.readShards());
  const strangers = foreign.map(({ path: file, shard, problem }) => ({
    path: file,
    problem: shard ? explainForeign(planned, shard) : problem,
  }));
  if (json) {
    const states = shards.map(({ id, contender, from, to, state, files }) => {
      return { id, contender, from, to, state, files: files.map((file) => file.path) };
    });
    printJson({ ...headOf(directory, planned), shards: states, foreign: strangers });
    return;
  }
  const count = (contender: number, state: string) =>
    String(shards.filter((each) => each.contender === contender && each.state === state).length);
  process.stdout.write(
    formatContenders(planned, ['done', 'missing', 'damaged'], (i) =>
      ['done', 'missing', 'damaged'].map((state) => count(i, state)),
    ),
  );
  for (const shard of shards) {
    const problems = shard.files.flatMap(({ problem }) => problem ?? []);
    for (const problem of problems) {
      process.stdout.write(`${shardName(planned, shard)}: ${problem}\n`);
    }
  }
  for (const { path: file, problem } of strangers) process.stdout.write(`${file}: ${problem}\n`);
  const open = shards.filter(({ state }) => state !== 'done').length;
  const next =
    open > 0 ? `to run the others: ${runCommand(path)}` : `to merge them: ${mergeCommand(path)}`;
  process.stdout.write(`${shards.length - open} of ${shards.length} shards are done · ${next}\n`);
}

interface MergeOptions extends Printed {
  readonly out?: string;
  readonly csv?: true;
}

async function merge(path: string, { out, csv, json }: MergeOptions): Promise<void> {
  const { directory, planned, merged } = await mergeDirectory(path);
  const file = await writeResult(directory, MERGED_FILE, out, encodeMerged(planned, merged));
  const measures = measureExperiment(planned, merged);
  if (json) {
    printJson({
      ...headOf(directory, planned),
      engine: merged.engine,
      file,
      contenders: planned.contenders.map((contender, i) => ({ ...contender, ...measures[i] })),
      leftOut: planned.leftOut,
    });
  } else if (csv) {
    process.stdout.write(measuresAsCsv(planned, measures));
  } else {
    process.stdout.write(formatMeasures(planned, measures));
    process.stdout.write(
      `${planned.rollouts} rollouts each from ${planned.starts} starts · ${merged.engine} · ${file}\n`,
    );
  }
}
