import { type Command, Option } from 'commander';
import { type MethodName, PRESET_NAMES, type PresetName } from '../../policies/config/index.ts';
import { openArtefacts } from '../../server/artefacts/index.ts';
import { SharedDatasets } from '../../server/exchange/datasets.ts';
import { type GridRequest, type GridRun, planGrid } from '../../server/grids/plan-grid.ts';
import { type GridRow, isDone, surveyGrid, timeLeft } from '../../server/grids/survey-grid.ts';
import { type GridFailure, type GridOptions, trainGrid } from '../../server/jobs/train-grid.ts';
import type { QueueAddress } from '../../server/queue/address.ts';
import { namedEncoder } from '../../server/storage/text-encoder.ts';
import type { Workspace } from '../../server/storage/workspace.ts';
import { EXIT } from '../exit.ts';
import { interruptible } from '../interrupt.ts';
import { listOf, oneOf, policyList, SEED, wholeNumber } from '../options.ts';
import { type Progress, startProgress } from '../progress.ts';
import {
  queueOption,
  remark,
  storeOption,
  storeWithoutQueue,
  withQueue,
} from '../queue/connect.ts';
import { formatTable, orDash, printJson } from '../table.ts';

/** What makes several trainings of one. */
export interface GridChoices {
  readonly policies?: readonly MethodName[];
  readonly presets?: readonly PresetName[];
  readonly seeds?: readonly number[];
  readonly queue?: QueueAddress;
  readonly store?: string;
  readonly processes?: number;
  readonly status?: true;
}

export const GRID_OPTIONS = [
  'policies',
  'presets',
  'seeds',
  'queue',
  'store',
  'processes',
  'status',
] as const satisfies readonly (keyof GridChoices)[];

export function withGridChoices(command: Command): Command {
  return command
    .addOption(
      new Option('--policies <list>', 'train several, as a grid: every policy × preset × seed')
        .argParser(policyList)
        .conflicts('policy'),
    )
    .addOption(
      new Option('--presets <list>', `presets of a grid: ${PRESET_NAMES.join(', ')}`)
        .argParser(listOf(oneOf(PRESET_NAMES)))
        .conflicts('preset'),
    )
    .addOption(
      new Option('--seeds <list>', 'seeds of a grid').argParser(listOf(SEED)).conflicts('seed'),
    )
    .addOption(
      queueOption('let workers train the grid that take from this database').conflicts([
        'processes',
        'status',
      ]),
    )
    .addOption(
      storeOption('where workers find the demonstrations, and leave checkpoints').conflicts([
        'processes',
      ]),
    )
    .option(
      '--processes <n>',
      'trainings of a grid at once, each in a child process (default: one a core)',
      wholeNumber(1, 1024),
    )
    .option('--status', 'show the progress of the grid and the time left; trains nothing');
}

/** Whether a grid is asked for. */
export function asksForGrid(options: GridChoices): boolean {
  return GRID_OPTIONS.some((name) => options[name] !== undefined);
}

/**
 * Trains a grid, here or by workers, or says how far it is.
 *
 * @throws StoppedError on Ctrl-C: checkpoints are kept, and the same command goes on
 */
export async function trainOrShowGrid(
  workspace: Workspace,
  request: GridRequest,
  { queue, processes, status, store, json }: GridChoices & { readonly json?: true },
): Promise<void> {
  if (store !== undefined) {
    if (queue === undefined && !status) throw storeWithoutQueue('train');
    const shared = new SharedDatasets(openArtefacts(store));
    await shared.bringNamed(workspace.datasets, request.dataset);
  }
  const grid = await planGrid(workspace, request, await namedEncoder(workspace.place));
  const warnings = new Set(grid.flatMap(({ planned }) => planned.run.warnings));
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
  const began = performance.now();
  const train =
    queue === undefined ? trainHere(workspace, processes) : trainThere(workspace, queue);
  const failures = status ? await bringHere(workspace, grid) : await trainWithProgress(grid, train);
  const seconds = (performance.now() - began) / 1000;
  const rows = await surveyGrid(workspace.runs, grid);
  if (failures.length > 0) process.exitCode = EXIT.failed;
  if (json) {
    const left = timeLeft(rows);
    printJson({ runs: rows.map((row) => resultOf(row, failures)), secondsLeft: left, seconds });
    return;
  }
  process.stdout.write(formatGrid(rows));
  for (const { id, reason } of problemsOf(rows, failures)) {
    process.stdout.write(`${id}: ${reason}\n`);
  }
  process.stdout.write(`${summaryOf(rows)}\n`);
}

/** Of trainings whose checkpoints lie in a store, to see how far they are. */
async function bringHere({ runs, place }: Workspace, grid: readonly GridRun[]) {
  if (place.store === undefined) return [];
  const { SharedTrainings } = await import('../../server/queue/shared-training.ts');
  return new SharedTrainings(place.store).bringAll(runs, grid);
}

type Train = (
  grid: readonly GridRun[],
  options: Omit<GridOptions, 'onProgress'> & {
    readonly onProgress: (steps: number, ended: number, workers: number | null) => void;
  },
) => Promise<GridFailure[]>;

function trainHere(workspace: Workspace, processes: number | undefined): Train {
  return (grid, { onProgress, ...options }) =>
    trainGrid(workspace, grid, {
      ...{ ...options, processes },
      onProgress: ({ steps, ended }) => onProgress(steps, ended, null),
    });
}

function trainThere(workspace: Workspace, address: QueueAddress): Train {
  return async (grid, { onProgress, ...options }) => {
    const { trainQueued } = await import('../../server/queue/train-queued.ts');
    const who = { name: `client of ${grid.length} trainings`, role: 'client' } as const;
    return withQueue(address, who, (queue) =>
      trainQueued(workspace, grid, queue, {
        ...options,
        onNotice: remark,
        onProgress: ({ steps, ended }, workers) => onProgress(steps, ended, workers),
      }),
    );
  };
}

async function trainWithProgress(grid: readonly GridRun[], train: Train): Promise<GridFailure[]> {
  let progress: Progress | undefined;
  let todo = 0;
  const message = 'stopping with checkpoints; the same command goes on from them';
  return interruptible(message, (signal) =>
    train(grid, {
      signal,
      onBegin({ runs, steps }) {
        todo = runs;
        if (steps > 0) progress = startProgress('steps', steps);
      },
      onProgress(steps, ended, workers) {
        const who = workers === null ? '' : ` · ${workers} workers`;
        progress?.update(steps, `· ${ended} of ${todo} runs${who}`);
      },
    }),
  ).finally(() => progress?.stop());
}

function resultOf({ id, planned, run, problem }: GridRow, failures: readonly GridFailure[]) {
  const { policy, preset, training } = planned.run;
  return {
    ...{ id, policy, preset, seed: training.seed, steps: training.steps },
    status: stateOf({ run, problem }),
    step: run?.step ?? 0,
    loss: run?.loss ?? null,
    seconds: run?.seconds ?? 0,
    checkpointSha256: run?.checkpointSha256 ?? null,
    problem: problem ?? failures.find((each) => each.id === id)?.reason ?? null,
  };
}

function stateOf({ run, problem }: Pick<GridRow, 'run' | 'problem'>): string {
  if (problem !== null) return 'unusable';
  return run?.status ?? 'missing';
}

function formatGrid(rows: readonly GridRow[]): string {
  return formatTable(
    ['policy', 'preset', 'seed', 'run', 'status', 'step', 'steps', 'loss', 's'],
    rows.map(({ id, planned, run, problem }) => [
      ...[planned.run.policy, planned.run.preset, String(planned.run.training.seed), id],
      ...[stateOf({ run, problem }), String(run?.step ?? 0), String(planned.run.training.steps)],
      ...[orDash(run?.loss?.toPrecision(4) ?? null), (run?.seconds ?? 0).toFixed(0)],
    ]),
  );
}

function problemsOf(rows: readonly GridRow[], failures: readonly GridFailure[]): GridFailure[] {
  const unusable = rows.flatMap(({ id, problem }) => (problem ? [{ id, reason: problem }] : []));
  const told = new Set(unusable.map(({ id }) => id));
  return [...unusable, ...failures.filter(({ id }) => !told.has(id))];
}

/** How many are done, how long the rest takes, or what can be made of them. */
function summaryOf(rows: readonly GridRow[]): string {
  const done = rows.filter(({ run }) => run && isDone(run));
  const head = `${done.length} of ${rows.length} runs are done`;
  if (done.length < rows.length) {
    const left = timeLeft(rows.filter(({ problem }) => problem === null));
    const time = left === null ? '' : `, about ${left.toFixed(0)} s left at this pace`;
    return `${head}${time} · without --status the same command trains the others`;
  }
  const { seed } = rows[0].planned.run.training;
  const firsts = rows.filter(({ planned }) => planned.run.training.seed === seed);
  const seeds = [...new Set(rows.map(({ planned }) => planned.run.training.seed))];
  const policies = firsts.map(({ id }) => id).join(',');
  return (
    `${head} · to compare them: forking-paths experiment plan DIR --policies ${policies}` +
    (seeds.length > 1 ? ` --training-seeds ${seeds.join(',')}` : '')
  );
}
