import { FileError } from '../../demos/files/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { EXPERIMENT_LIMITS } from '../protocol/experiment-limits.ts';
import type {
  ContenderSummary,
  DamagedExperiment,
  ExperimentEntry,
  ExperimentList,
} from '../protocol/experiments.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { Workspace } from '../storage/workspace.ts';
import { contenderTitle } from './contender-title.ts';
import type { ExperimentPlan } from './plan.ts';
import { shardOfName } from './result-file.ts';
import type { ExperimentStore, FoundExperiment } from './store.ts';
import { readSummary } from './summary.ts';
import { countShards, describeExperiment, summariesOf, viewExperiment } from './view.ts';

const { listed: MOST_LISTED, named: MOST_NAMED, planBytes: MOST_PLAN_BYTES } = EXPERIMENT_LIMITS;
/** How long a list may work out what nobody has looked at yet, ms; the next one goes on. */
const SUMMING_MS = 3000;

/**
 * All experiments of a data directory, newest first: what is damaged beside what is not. Results are
 * counted by their names, and none of them is read whose summary is kept.
 */
export async function listExperiments(
  workspace: Workspace,
  store: ExperimentStore,
): Promise<ExperimentList> {
  const found = await store.find();
  const experiments: ExperimentEntry[] = [];
  const damaged: DamagedExperiment[] = [];
  const until = performance.now() + SUMMING_MS;
  let bytes = 0;
  let omitted = 0;
  for (const each of found) {
    const { name, problem } = each;
    if (problem !== null) {
      damaged.push({ name, message: problem });
      continue;
    }
    if (experiments.length >= MOST_LISTED || bytes > MOST_PLAN_BYTES) {
      omitted++;
      continue;
    }
    try {
      const directory = store.directory(name);
      bytes += await store.planBytes(name);
      const plan = await directory.readPlan();
      const summing = performance.now() < until;
      experiments.push(await describeEntry(workspace, store, each, plan, summing));
    } catch (error) {
      const known = error instanceof ProtocolError || error instanceof FileError;
      if (!known) throw error;
      damaged.push({ name, message: error.message });
    }
  }
  return {
    experiments,
    damaged: damaged.slice(0, LIMITS.damaged).map(({ name, message }) => {
      return { name, message: message.slice(0, LIMITS.damagedMessage) };
    }),
    omitted: omitted + Math.max(0, damaged.length - LIMITS.damaged),
  };
}

async function describeEntry(
  workspace: Workspace,
  store: ExperimentStore,
  found: FoundExperiment,
  plan: ExperimentPlan,
  summing: boolean,
): Promise<ExperimentEntry> {
  const { name } = found;
  const directory = store.directory(name);
  const files = await directory.listShards();
  const done = Math.min(new Set(files.map(shardOfName)).size, countShards(plan));
  const complete = done === countShards(plan);
  const kept = complete ? await readSummary(directory, plan, files) : null;
  const summaries = kept ?? (complete && summing ? await summarise(workspace, store, name) : null);
  return {
    ...(await describeExperiment(store, found, plan, done)),
    first: plan.contenders.slice(0, MOST_NAMED).map((contender, i) => {
      return { ...contenderTitle(contender), summary: summaries?.[i] ?? null };
    }),
  };
}

/** Null for one that is too large to be looked at, or of which something is missing after all. */
async function summarise(
  workspace: Workspace,
  store: ExperimentStore,
  name: string,
): Promise<readonly ContenderSummary[] | null> {
  try {
    const { all, shards } = await viewExperiment(workspace, store, name);
    if (shards.done < shards.total) return null;
    return summariesOf(all);
  } catch (error) {
    if (error instanceof ProtocolError && error.code === 'invalid-request') return null;
    throw error;
  }
}
