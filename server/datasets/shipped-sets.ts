import type { DatasetStore } from '../../demos/store/index.ts';
import { findTask, startSeed } from '../../sim/index.ts';
import { type Hull, hullsOf } from '../../sim/tasks/start-region.ts';
import {
  type DemonstrationSet,
  type GenerateRequest,
  generateRequestSchema,
  type OfferedSet,
} from '../protocol/datasets.ts';
import type { ShippedPolicy } from '../protocol/policies.ts';
import { readManifest } from '../storage/manifest.ts';
import { SHIPPED_ROOT } from '../storage/workspace.ts';
import { freeName } from './free-name.ts';
import { behavioursOf } from './generate.ts';

/**
 * The sets that the policies that ship have learnt from, as their manifests say: none of them
 * ships, each is made again from its seed, to the bit.
 *
 * @param shipped whose manifests are read; one that is damaged is passed over
 */
export async function listShippedSets(
  shipped: readonly ShippedPolicy[],
): Promise<DemonstrationSet[]> {
  const sets = new Map<string, DemonstrationSet>();
  for (const { name, spec } of shipped) {
    const manifest = await readManifest(SHIPPED_ROOT, name).catch(() => null);
    if (!manifest) continue;
    const { seed, dataset } = manifest;
    const known = sets.get(dataset.hash);
    if (known) sets.set(dataset.hash, { ...known, policies: [...known.policies, name] });
    else {
      const { task, controlHz } = spec;
      const { hash, episodes } = dataset;
      const starts = startsOf(task, seed, episodes);
      sets.set(hash, { hash, task, controlHz, episodes, seed, policies: [name], starts });
    }
  }
  return [...sets.values()];
}

/** Where each object lay at the starts of a scripted dataset. */
function startsOf(taskName: string, seed: number, episodes: number): readonly Hull[] {
  const task = findTask(taskName);
  const starts = Math.ceil(episodes / behavioursOf(task, undefined).length);
  return hullsOf(
    Array.from({ length: starts }, (_, i) =>
      task.sampleInitialState(startSeed('demonstration', seed, i)),
    ),
  );
}

/**
 * Which of them somebody made and threw away: a page does not make these unasked.
 *
 * @cost a look at the trash
 */
export async function offerSets(
  sets: readonly DemonstrationSet[],
  datasets: DatasetStore,
): Promise<OfferedSet[]> {
  const thrown = new Set((await datasets.listTrash()).map(({ name }) => name));
  return sets.map((set) => ({ ...set, thrownAway: thrown.has(nameOf(set)) }));
}

/** What makes such a set, under the first of its names that is free. */
export async function requestOf(
  set: DemonstrationSet,
  datasets: DatasetStore,
): Promise<GenerateRequest> {
  const taken = new Set((await datasets.hashes()).keys());
  const out = freeName(nameOf(set), taken);
  const { task, controlHz, episodes, seed } = set;
  return generateRequestSchema.parse({ task, controlHz, episodes, seed, out });
}

function nameOf({ task, controlHz }: DemonstrationSet): string {
  return `shipped-${task}${controlHz === 20 ? '' : `-${controlHz}hz`}`;
}
