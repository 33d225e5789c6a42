import type { Demonstration } from '../../demos/demonstration.ts';
import type { Workspace } from '../../server/storage/workspace.ts';
import { lendPrograms } from './programs.ts';
import { demonstrateMode } from './simulation.ts';
import { temporaryWorkspace } from './temporary.ts';

/** A demonstration past either side. */
export const PAIR: readonly Demonstration[] = [
  demonstrateMode('left', 1),
  demonstrateMode('right', 1),
];

/** Adds them as the dataset `pair`. */
export async function addPair({ datasets }: Pick<Workspace, 'datasets'>): Promise<void> {
  const dataset = await datasets.create('pair', { task: 'left-right', controlHz: 20 });
  await dataset.append(PAIR);
}

/** A data directory with the dataset `pair`, in which processes find the programs that others traced. */
export async function workspaceWithPair(): Promise<Workspace> {
  const workspace = await temporaryWorkspace();
  await lendPrograms(workspace.place.data);
  await addPair(workspace);
  return workspace;
}
