import { onTestFinished } from 'vitest';
import { JobBoard } from '../../server/jobs/index.ts';
import type {
  Comparison,
  DemonstrationSet,
  Job,
  Metric,
  Run,
} from '../../server/protocol/index.ts';
import type { Workspace } from '../../server/storage/workspace.ts';
import { lendPrograms } from './programs.ts';
import { temporaryWorkspace } from './temporary.ts';
import { until } from './until.ts';

/** A board, and all it says. */
export async function openBoard(opened?: Workspace, sets: readonly DemonstrationSet[] = []) {
  const workspace = opened ?? (await temporaryWorkspace());
  await lendPrograms(workspace.place.data);
  const said = {
    jobs: [] as Job[],
    runs: [] as Run[],
    trashed: [] as string[],
    metrics: [] as Metric[],
    datasets: [] as string[][],
    comparisons: new Map<string, Comparison>(),
    experiments: 0,
  };
  const board = new JobBoard(
    workspace,
    {
      job: (job) => said.jobs.push(job),
      run: (run) => said.runs.push(run),
      runTrashed: (id) => said.trashed.push(id),
      metric: (_, metric) => said.metrics.push(metric),
      datasets: (datasets) => said.datasets.push(datasets.map(({ name }) => name)),
      comparison: (id, comparison) => said.comparisons.set(id, comparison),
      experiments: () => said.experiments++,
    },
    sets,
  );
  onTestFinished(() => board.close());
  return { board, workspace, said };
}

type Opened = Awaited<ReturnType<typeof openBoard>>;

export function jobOf(board: JobBoard, id: string): Job {
  const job = board.jobs.find((each) => each.id === id);
  if (!job) throw new Error(`no job ${id}`);
  return job;
}

export function ended(board: JobBoard, id: string): Promise<Job> {
  return until(() => {
    const job = jobOf(board, id);
    return ['done', 'stopped', 'failed'].includes(job.status) && job;
  }, `${id} to end`);
}

/** Through what a job went, as those who listen hear it. */
export function statuses({ said }: Opened, id: string): string[] {
  const all = said.jobs.filter((job) => job.id === id).map(({ status }) => status);
  return all.filter((status, i) => status !== all[i - 1]);
}
