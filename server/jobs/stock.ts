import type { DamagedEntry, Hello } from '../protocol/events.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { Workspace } from '../storage/workspace.ts';
import type { DatasetCatalog } from './dataset-catalog.ts';

/** What a data directory holds, as a page is told when it comes: what is damaged beside what is not. */
export async function takeStock(
  { runs }: Pick<Workspace, 'runs'>,
  catalog: DatasetCatalog,
): Promise<Required<Pick<Hello, 'datasets' | 'runs' | 'damaged'>>> {
  const { datasets, damaged } = await catalog.survey();
  const listings = await runs.listAll();
  const damagedRuns = listings.flatMap(({ id, error }): DamagedEntry[] =>
    error ? [{ kind: 'run', name: id, message: error.message }] : [],
  );
  return {
    datasets,
    runs: listings.flatMap(({ run }) => run ?? []),
    damaged: [...damaged, ...damagedRuns].slice(0, LIMITS.damaged).map((entry) => ({
      ...entry,
      message: entry.message.slice(0, LIMITS.damagedMessage),
    })),
  };
}
