import type { MethodName } from '../../policies/config/index.ts';
import { type GridRequest, type GridRun, planGrid } from '../../server/grids/plan-grid.ts';
import { type PlannedRun, plannedId } from '../../server/grids/planned-run.ts';
import type { Run } from '../../server/protocol/index.ts';
import type { Workspace } from '../../server/storage/workspace.ts';
import { UNTRAINED } from '../../server/training/create-run.ts';
import { TINIEST } from './runs.ts';

/** A grid on the dataset `pair`, by default of a flow with one seed. */
export function smallGrid(
  workspace: Workspace,
  request: Partial<GridRequest> = {},
): Promise<GridRun[]> {
  const policies: MethodName[] = ['flow'];
  const defaults = { policies, presets: ['quick'], seeds: [0], dataset: 'pair', steps: 6 } as const;
  return planGrid(workspace, { ...defaults, ...request });
}

/** The same training with other content, under the id that this has. */
export function changed({ planned }: GridRun, run: Partial<PlannedRun['run']>): GridRun {
  const other = { ...planned, run: { ...planned.run, ...run } };
  return { id: plannedId(other), planned: other };
}

/** The same of a network that trains in a moment. */
export function tiny(grid: GridRun): GridRun {
  const { spec, training } = grid.planned.run;
  return changed(grid, {
    spec: { ...spec, network: TINIEST },
    training: { ...training, batch: 8 },
  });
}

/** Its run, as if it had been trained so far. */
export function withRun(
  { runs }: Workspace,
  { id, planned }: GridRun,
  far: Partial<Run> = {},
): Promise<Run> {
  return runs.establish(id, { ...planned.run, ...UNTRAINED, ...far });
}
