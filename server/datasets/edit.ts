import { randomBytes } from 'node:crypto';
import type { Demonstration } from '../../demos/demonstration.ts';
import type { Dataset, DatasetInfo, DatasetStore, EpisodeFacts } from '../../demos/store/index.ts';
import { findTask, modeNames, type Rapier } from '../../sim/index.ts';
import type {
  DatasetEdit,
  DatasetEdited,
  EditRequest,
  MergeRequest,
  SplitRequest,
} from '../protocol/dataset-edits.ts';
import type { DatasetSummary } from '../protocol/datasets.ts';
import { parseEpisodeList } from '../protocol/episode-list.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { replay, summarizeDataset } from './datasets.ts';
import { freeName } from './free-name.ts';
import { hasChanged } from './views.ts';

/**
 * Puts a changed version of a dataset in its place; the version before goes to the trash, with what
 * another process may have added in the moment between. A kill then leaves it there, and the new
 * version under a name of its own.
 *
 * @throws ProtocolError 'conflict' where the dataset has changed since; 'invalid-request' for a
 *         change that cannot be made; 'failed' where an episode does not replay
 * @throws DatasetError 'not-found', 'damaged'; 'locked' while another writes
 * @cost reads and writes all its episodes, 15 ms each; 0.1 s for each that is judged again
 */
export async function editDataset(
  datasets: DatasetStore,
  rapier: Rapier,
  { name, hash, edit }: EditRequest,
): Promise<DatasetEdited> {
  const original = await openUnchanged(datasets, name, hash);
  const change = changeOf(rapier, original.info, edit);
  const draft = draftName(name);
  await datasets.derive(name, draft, change);
  const edited = await datasets.trash(draft);
  await openUnchanged(datasets, name, hash);
  const id = await datasets.trash(name);
  const { info } = await datasets.restore(edited, name);
  return { dataset: summarizeDataset(info), id };
}

/**
 * Datasets of the parts of one, which stays.
 *
 * @returns those that were made; none with nothing in it
 * @throws as `editDataset`
 */
export async function splitDataset(
  datasets: DatasetStore,
  { name, hash, by }: SplitRequest,
): Promise<DatasetSummary[]> {
  const original = await openUnchanged(datasets, name, hash);
  const parts = new Map<string, number[]>();
  for (const [index, facts] of original.episodes.entries()) {
    const part = partOf(by, index, facts, original.interventions[index] > 0);
    parts.set(part, [...(parts.get(part) ?? []), index]);
  }
  if (parts.size < 2) {
    throw invalid(name, 'expected episodes that differ in that, got none to set apart');
  }
  const taken = new Set((await datasets.hashes()).keys());
  const made: DatasetSummary[] = [];
  for (const [part, indices] of parts) {
    const out = freeName(`${name.slice(0, 48)}-${part}`, taken);
    taken.add(out);
    const kept = new Set(indices);
    const { info } = await datasets.derive(name, out, (all) => all.filter((_, i) => kept.has(i)));
    made.push(summarizeDataset(info));
  }
  return made;
}

/** @param corrected a person took over in it */
function partOf(
  by: SplitRequest['by'],
  index: number,
  { mode, success, source, replayHash }: EpisodeFacts,
  corrected: boolean,
): string {
  if (by === 'mode') return mode ?? 'no-mode';
  if (by === 'result') return success ? 'success' : 'failure';
  if (by === 'verified') return replayHash === null ? 'not-verified' : 'verified';
  if (by === 'source') return corrected ? 'intervention' : source;
  return index < by ? 'first' : 'rest';
}

/**
 * One dataset of the episodes of several, which stay.
 *
 * @throws ProtocolError 'invalid-request' where they are of different tasks, rates or cameras
 * @throws DatasetError 'exists', 'not-found', 'damaged'
 */
export async function mergeDatasets(
  datasets: DatasetStore,
  { names, out }: MergeRequest,
): Promise<DatasetSummary> {
  const [first, ...others] = await Promise.all(names.map((name) => datasets.open(name)));
  const kindOf = ({ task, controlHz, camera }: DatasetInfo) =>
    `${task} at ${controlHz} Hz${camera === null ? '' : ` with pictures of ${camera} pixels`}`;
  const wanted = kindOf(first.info);
  for (const { name, info } of others) {
    if (kindOf(info) === wanted) continue;
    throw invalid(name, `expected one like ${first.name} (${wanted}), got ${kindOf(info)}`);
  }
  const interventions = [first, ...others].some(({ info }) => info.interventions);
  const further: Demonstration[] = [];
  for (const other of others) further.push(...(await other.readAll()));
  const { info } = await datasets.derive(first.name, out, (all) => [...all, ...further], {
    interventions,
  });
  return summarizeDataset(info);
}

async function openUnchanged(datasets: DatasetStore, name: string, hash: string): Promise<Dataset> {
  const dataset = await datasets.open(name);
  if (dataset.hash !== hash) throw hasChanged(name);
  return dataset;
}

type Change = (episodes: readonly Demonstration[]) => readonly Demonstration[];

/** What an edit makes of the episodes. Whether it can be made is known before any is read. */
function changeOf(
  rapier: Rapier,
  { name, task, episodes }: DatasetInfo,
  edit: DatasetEdit,
): Change {
  const named = (text: string): ReadonlySet<number> => {
    const found = parseEpisodeList(text, episodes);
    if (typeof found === 'string') throw new ProtocolError('not-found', `${name}: ${found}`);
    return found;
  };
  switch (edit.kind) {
    case 'delete': {
      const gone = named(edit.episodes);
      return (all) => all.filter((_, i) => !gone.has(i));
    }
    case 'keep': {
      const kept = named(edit.episodes);
      return (all) => all.filter((_, i) => kept.has(i));
    }
    case 'delete-failures':
      return (all) => all.filter(({ success }) => success);
    case 'relabel': {
      const which = named(edit.episodes);
      const relabel = relabelling(rapier, name, task, edit);
      return (all) => all.map((each, i) => (which.has(i) ? relabel(each, i) : each));
    }
    case 'trim': {
      const { episode, length } = edit;
      named(String(episode));
      return (all) => all.map((each, i) => (i === episode ? trim(rapier, each, i, length) : each));
    }
  }
}

function relabelling(
  rapier: Rapier,
  name: string,
  taskName: string,
  { mode, instruction }: Extract<DatasetEdit, { kind: 'relabel' }>,
): (demonstration: Demonstration, index: number) => Demonstration {
  const task = findTask(taskName);
  const modes = modeNames(task);
  if (mode === undefined && instruction === undefined) {
    throw invalid(name, 'relabel: expected a mode or an instruction, got neither');
  }
  if (typeof mode === 'string' && !modes.includes(mode)) {
    throw invalid(name, `mode: expected null or one of ${modes.join(', ')}, got "${mode}"`);
  }
  if (
    instruction !== undefined &&
    !task.language?.phrases.some(({ text }) => text === instruction)
  ) {
    throw invalid(
      name,
      task.language
        ? `expected a sentence of the task's language, like "${task.language.phrases[1].text}", got ` +
            JSON.stringify(instruction)
        : `expected no instruction: task ${taskName} has no language`,
    );
  }
  return (demonstration, index) => {
    const told =
      instruction === undefined
        ? demonstration
        : again(rapier, demonstration, index, {
            initial: { ...demonstration.initial, instruction },
          });
    return mode === undefined ? told : { ...told, mode };
  };
}

/**
 * The beginning of an episode. Its end alone can be cut off: an episode begins at a stored start, an
 * arm at rest, and what is in motion in the middle of it (velocities, contacts) is not stored.
 */
function trim(
  rapier: Rapier,
  demonstration: Demonstration,
  index: number,
  length: number,
): Demonstration {
  if (length >= demonstration.length) {
    throw new ProtocolError(
      'invalid-request',
      `episode ${index}: expected fewer than its ${demonstration.length} control steps, got ${length}`,
    );
  }
  const { intervention } = demonstration;
  // Without a frame that a person commanded it would be taken for a demonstration.
  if (intervention && !intervention.subarray(0, length).includes(1)) {
    throw new ProtocolError(
      'invalid-request',
      `episode ${index}: expected to keep some of what a person corrected from control step ` +
        `${intervention.indexOf(1)} on, got a cut at ${length}; delete the episode instead`,
    );
  }
  const cut = { ...demonstration, ...firstFrames(demonstration, length) };
  // Whether it had succeeded by then nothing here can judge.
  if (demonstration.replayHash === null) return { ...cut, success: false };
  // Whether its commands lead where it went is known of the whole alone.
  again(rapier, demonstration, index, {});
  return replay(rapier, cut);
}

/** All that is stored of them; the mode stays what was said of the whole. */
function firstFrames(demonstration: Demonstration, length: number): Partial<Demonstration> {
  const { state, environment, action, command, intervention } = demonstration;
  const cut = (rows: Float32Array) => rows.slice(0, (rows.length / demonstration.length) * length);
  return {
    length,
    ...{ state: cut(state), environment: cut(environment) },
    ...{ action: cut(action), command: cut(command) },
    ...(intervention && { intervention: intervention.slice(0, length) }),
  };
}

/** An episode replayed, and judged by what has changed of it. */
function again(
  rapier: Rapier,
  demonstration: Demonstration,
  index: number,
  change: Partial<Demonstration>,
): Demonstration {
  if (!demonstration.physics) {
    throw new ProtocolError(
      'invalid-request',
      `episode ${index}: expected one that replays, got one that came from elsewhere and is not ` +
        'verified, so that it cannot be judged again; relabel the others',
    );
  }
  const stepped = replay(rapier, { ...demonstration, ...change });
  if (stepped.replayHash === demonstration.replayHash) return stepped;
  const { package: name, version } = demonstration.physics;
  throw new ProtocolError(
    'failed',
    `episode ${index}: expected its commands to end in state ${demonstration.replayHash}, got ` +
      `${stepped.replayHash}; it was recorded with ${name} ${version}, change it there`,
  );
}

/** No longer than a name may be. */
function draftName(name: string): string {
  return `${name.slice(0, 48)}-edit-${randomBytes(4).toString('hex')}`;
}

function invalid(name: string, what: string): ProtocolError {
  return new ProtocolError('invalid-request', `dataset ${name}: ${what}`);
}
