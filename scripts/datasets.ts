import type { DatasetSummary } from '../server/protocol/datasets.ts';
import type { Place } from '../server/storage/workspace.ts';
import { formatTable } from './table.ts';

/** Demonstrations need no network, so any engine will do. */
export function placeOf(data: string): Place {
  return { data, engine: 'compiled' };
}

/** A line for each dataset. */
export function describeDatasets(summaries: readonly DatasetSummary[]): string {
  return formatTable(
    [
      ...['dataset', 'task', 'Hz', 'episodes', 'frames', 'modes', 'success', 'recorded'],
      ...['not verified', 'hash'],
    ],
    summaries.map((each) => [
      each.name,
      each.task,
      String(each.controlHz),
      String(each.episodes),
      String(each.frames),
      Object.entries(each.modes)
        .map(([mode, count]) => `${mode} ${count}`)
        .join(', '),
      String(each.successes),
      String(each.recorded),
      String(each.unverified ?? 0),
      each.hash.slice(0, 12),
    ]),
  );
}
