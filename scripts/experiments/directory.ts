/** What the commands on an experiment's directory have in common. */
import { writeFileAtomic } from '../../demos/files/index.ts';
import { ExperimentDirectory } from '../../server/experiments/directory.ts';
import { type MergedExperiment, mergeShards } from '../../server/experiments/merge.ts';
import { type ExperimentPlan, experimentId } from '../../server/experiments/plan.ts';
import { survey } from '../../server/experiments/survey.ts';
import { checkpointsAmong } from '../../server/protocol/sources.ts';
import { openWorkspace, type Place, type Workspace } from '../../server/storage/workspace.ts';

/** What the commands call where an experiment lies. */
export const EXPERIMENT_PLACE =
  'directory of the experiment, or s3://BUCKET/PREFIX with AWS_* in the environment';

/** What every result says of the experiment. */
export function headOf({ path }: ExperimentDirectory, planned: ExperimentPlan) {
  const { task, seed, rollouts, starts } = planned;
  return { experiment: experimentId(planned), path, task, seed, rollouts, starts };
}

/** @param path as it was named on the command line */
export function runCommand(path: string): string {
  return `forking-paths experiment run ${path}`;
}

export function mergeCommand(path: string): string {
  return `forking-paths experiment merge ${path}`;
}

/**
 * Where an experiment's policies are found. Whoever names its directory allows the checkpoints that its
 * plan names, by a digest of all that is in them.
 */
export function workspaceOf(
  options: Omit<Place, 'engine' | 'checkpoints'>,
  { engine, contenders }: Pick<ExperimentPlan, 'engine' | 'contenders'>,
): Workspace {
  const checkpoints = checkpointsAmong(contenders.map(({ source }) => source));
  return openWorkspace({ ...options, engine, checkpoints });
}

/** An experiment that has been run. */
export interface RunExperiment {
  readonly directory: ExperimentDirectory;
  readonly planned: ExperimentPlan;
  readonly merged: MergedExperiment;
}

/**
 * @param path as it was named on the command line
 * @throws ProtocolError as `mergeShards`: where something is missing, with the command that runs it
 */
export async function mergeDirectory(path: string): Promise<RunExperiment> {
  const directory = new ExperimentDirectory(path);
  const planned = await directory.readPlan();
  const state = survey(planned, await directory.readShards());
  return { directory, planned, merged: mergeShards(planned, state, runCommand(path)) };
}

/**
 * Writes what was made of an experiment.
 *
 * @param out a file that was named. @default one of that name beside the plan
 * @returns   where it is
 */
export async function writeResult(
  directory: ExperimentDirectory,
  name: string,
  out: string | undefined,
  content: Uint8Array | string,
): Promise<string> {
  if (out === undefined) return directory.write(name, content);
  await writeFileAtomic(out, content);
  return out;
}
