import { createCompiledEngine } from '../../policies/engine/index.ts';
import { createRun } from '../../server/lab/create-run.ts';
import { generateDemonstrations } from '../../server/lab/generate.ts';
import { trainRun } from '../../server/lab/train.ts';
import type { Workspace } from '../../server/lab/workspace.ts';
import { generateRequestSchema, trainRequestSchema } from '../../server/protocol/index.ts';
import { rapier } from './simulation.ts';

/**
 * Trains a policy that reads for a few steps: good for nothing but reading.
 *
 * @returns its run
 */
export async function trainReader(
  workspace: Workspace,
  engine = createCompiledEngine(),
): Promise<string> {
  const { runs, datasets } = workspace;
  const wanted = { task: 'left-right-colour', episodes: 4, out: 'told' };
  await generateDemonstrations(workspace, rapier, generateRequestSchema.parse(wanted));
  const request = trainRequestSchema.parse({ policy: 'flow', dataset: 'told', steps: 3 });
  const { id } = await createRun(runs, datasets, request);
  await trainRun(runs, datasets, id, { engine });
  return id;
}
