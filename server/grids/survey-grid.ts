import { reportError } from '../error-report.ts';
import type { Run } from '../protocol/runs.ts';
import type { RunStore } from '../storage/run-store.ts';
import type { GridRun } from './plan-grid.ts';
import { checkPlanned } from './planned-run.ts';

/** A training of a grid, and how far it is. */
export interface GridRow extends GridRun {
  /** Null where it has not begun, or cannot be used. */
  readonly run: Run | null;
  /** Why it cannot be used; null where it can, or has not begun. */
  readonly problem: string | null;
}

/**
 * How far the trainings of a grid are. Of those that are done it is made sure that their weights are
 * those that were trained.
 *
 * @cost reads the checkpoints of runs that are done
 */
export async function surveyGrid(runs: RunStore, grid: readonly GridRun[]): Promise<GridRow[]> {
  const rows: GridRow[] = [];
  for (const each of grid) rows.push(await look(runs, each));
  return rows;
}

async function look(runs: RunStore, each: GridRun): Promise<GridRow> {
  try {
    const run = await findRun(runs, each);
    if (run && isDone(run)) await runs.readCheckpoint(run.id);
    return { ...each, run, problem: null };
  } catch (error) {
    return { ...each, run: null, problem: reportError(error).message };
  }
}

/**
 * The run of a training, if it has begun; one whose process has ended says so.
 *
 * @throws ProtocolError 'damaged'; 'conflict' where it is no longer what it is named by
 */
export async function findRun(runs: RunStore, { id, planned }: GridRun): Promise<Run | null> {
  if (!(await runs.has(id))) return null;
  const run = (await runs.recoverRun(id)) ?? (await runs.read(id));
  checkPlanned(run, planned);
  return run;
}

export function isDone({ status, step, training }: Run): boolean {
  return status === 'done' && step >= training.steps;
}

/**
 * How long the trainings that are left take, s, at the pace of those that have begun and with as many at
 * once as there are now; null where nothing tells.
 */
export function timeLeft(rows: readonly Pick<GridRow, 'planned' | 'run'>[]): number | null {
  const paces = new Map<string, number[]>();
  for (const { run } of rows) {
    if (!run || run.step === 0) continue;
    const key = kindOf(run);
    paces.set(key, [...(paces.get(key) ?? []), run.seconds / run.step]);
  }
  const all = [...paces.values()].flat();
  if (all.length === 0) return null;
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const seconds = rows.map(({ planned, run }) => {
    const left = planned.run.training.steps - (run?.step ?? 0);
    return left * mean(paces.get(kindOf(planned.run)) ?? all);
  });
  const atOnce = rows.filter(({ run }) => run?.status === 'running').length;
  const total = seconds.reduce((sum, each) => sum + each, 0);
  // The longest one cannot be divided.
  return Math.max(total / Math.max(1, atOnce), ...seconds);
}

/** What takes about as long a step. */
function kindOf({ policy, preset }: Pick<Run, 'policy' | 'preset'>): string {
  return `${policy} ${preset}`;
}
