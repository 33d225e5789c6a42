import { generateDemonstrations } from '../../server/datasets/generate.ts';
import { generateRequestSchema, trainRequestSchema } from '../../server/protocol/index.ts';
import type { Workspace } from '../../server/storage/workspace.ts';
import { createRun } from '../../server/training/create-run.ts';
import { trainRun } from '../../server/training/train.ts';
import { keepingEngine } from './keeping-engine.ts';
import { rapier } from './simulation.ts';

/**
 * Trains a policy that reads for a few steps: good for nothing but reading.
 *
 * @returns its run
 */
export async function trainReader(workspace: Workspace, engine = keepingEngine()): Promise<string> {
  const { runs, datasets } = workspace;
  const wanted = { task: 'left-right-colour', episodes: 4, out: 'told' };
  await generateDemonstrations(workspace, rapier, generateRequestSchema.parse(wanted));
  const request = trainRequestSchema.parse({ policy: 'flow', dataset: 'told', steps: 3 });
  const { id } = await createRun(runs, datasets, request);
  await trainRun(runs, datasets, id, { engine });
  return id;
}
