import { Recorder, type Stepped } from '../../demos/demonstrate.ts';
import type { Demonstration } from '../../demos/demonstration.ts';
import type { Dataset, DatasetInfo, DatasetStore, EpisodeFacts } from '../../demos/store/index.ts';
import { DatasetError } from '../../demos/store/index.ts';
import { ACTION_DIM, Episode, findTask, PHYSICS, type Rapier } from '../../sim/index.ts';
import { reportError } from '../error-report.ts';
import type {
  DatasetSummary,
  EpisodeSummary,
  Recording,
  RecordingAccepted,
} from '../protocol/datasets.ts';
import { type ErrorReport, ProtocolError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';

export function summarizeDataset(info: DatasetInfo): DatasetSummary {
  const { name, task, controlHz, episodes, frames, modes, successes, sources, hash } = info;
  const { corrected, unverified } = info;
  return {
    ...{ name, task, controlHz, episodes, frames, modes, successes, recorded: sources.browser },
    ...(corrected > 0 && { corrected }),
    ...(unverified > 0 && { unverified }),
    hash,
  };
}

/** @param interventions frames of it that a person took over from a policy */
function summarizeEpisode(
  facts: EpisodeFacts,
  index: number,
  interventions: number,
): EpisodeSummary {
  const { mode, source, success, contact, length, replayHash } = facts;
  const { instruction } = facts.initial;
  const told = instruction === undefined ? {} : { instruction };
  const taken = interventions > 0 ? { interventions } : {};
  return { index, mode, ...told, source, ...taken, success, contact, length, replayHash };
}

export function summarizeEpisodes({ episodes, interventions }: Dataset): EpisodeSummary[] {
  return episodes.map((facts, i) => summarizeEpisode(facts, i, interventions[i]));
}

/** A dataset and its episodes, as lists show them. */
export interface InspectedDataset {
  readonly summary: DatasetSummary;
  readonly episodes: readonly EpisodeSummary[];
}

/**
 * Opens datasets.
 *
 * @returns what each holds, or why it cannot be opened
 * @cost 1 ms an episode
 */
export async function inspectDatasets(
  datasets: DatasetStore,
  names: readonly string[],
): Promise<(InspectedDataset | ErrorReport)[]> {
  const inspected: (InspectedDataset | ErrorReport)[] = [];
  for (const name of names) {
    try {
      const dataset = await datasets.open(name);
      inspected.push({
        summary: summarizeDataset(dataset.info),
        episodes: summarizeEpisodes(dataset),
      });
    } catch (error) {
      inspected.push(reportError(error));
    }
  }
  return inspected;
}

/** Steps a demonstration's executed commands again, from its stored start. */
export function replay(
  rapier: Rapier,
  {
    task,
    initial,
    controlHz,
    command,
    action,
    length,
    source,
    seed,
    intervention,
  }: Omit<
    Demonstration,
    'mode' | 'success' | 'contact' | 'state' | 'environment' | 'replayHash' | 'physics'
  >,
): Stepped {
  const episode = Episode.create(rapier, findTask(task), initial, controlHz);
  try {
    const recorder = new Recorder(episode);
    for (let t = 0; t < length; t++) {
      const row = [t * ACTION_DIM, (t + 1) * ACTION_DIM] as const;
      recorder.step(action.subarray(...row), command.subarray(...row), intervention?.[t] === 1);
    }
    return recorder.finish({ source, seed, initial });
  } finally {
    episode.free();
  }
}

export interface Verification {
  readonly index: number;
  readonly ok: boolean;
  readonly expected: string;
  readonly got: string;
  /** Physics the episode was recorded with, where it is not this one. */
  readonly otherPhysics: string | null;
}

/**
 * Replays every episode of a dataset and compares where it ends; those that came from elsewhere and
 * are not verified are passed over.
 *
 * @cost 0.07 s an episode
 */
export async function* verifyDataset(
  rapier: Rapier,
  dataset: Dataset,
): AsyncGenerator<Verification> {
  let index = 0;
  for await (const demonstration of dataset) {
    const { replayHash: expected, physics } = demonstration;
    if (expected !== null && physics !== null) {
      const got = replay(rapier, demonstration).replayHash;
      const same = physics.package === PHYSICS.package && physics.version === PHYSICS.version;
      const otherPhysics = same ? null : `${physics.package} ${physics.version}`;
      yield { index, ok: got === expected, expected, got, otherPhysics };
    }
    index++;
  }
}

/**
 * Looks at a recording without replaying it.
 *
 * @returns T
 * @throws ProtocolError 'invalid-request' for commands of the wrong form
 * @throws SimError for an unknown task or a start that it could not have drawn
 */
export function checkRecording({ task, initial }: Recording, commands: Float32Array): number {
  const length = commands.length / ACTION_DIM;
  if (!Number.isInteger(length) || length < 1 || length > LIMITS.recordingSteps) {
    throw new ProtocolError(
      'invalid-request',
      `recording: expected 1 to ${LIMITS.recordingSteps} rows of ${ACTION_DIM} numbers, ` +
        `got ${commands.length} numbers`,
    );
  }
  findTask(task).validateInitialState(initial);
  return length;
}

/**
 * Takes in an episode recorded in a browser: replays its commands, and keeps it only where that
 * ends in the same state. Creates the dataset where there is none. One that is there already, as
 * when a page did not hear the answer and sends it again, is not kept twice.
 *
 * One in which a person took over from a policy goes to a dataset that keeps which frames those are. A
 * new one begins with the demonstrations of `beginWith`: what a policy is trained on after that is
 * both (Kelly et al. 2019, HG-DAgger, arXiv:1810.02890).
 *
 * @param commands f32 [T, 8]
 * @throws what `checkRecording` throws; ProtocolError 'failed' where the replay ends elsewhere
 */
export async function acceptRecording(
  datasets: DatasetStore,
  rapier: Rapier,
  recording: Recording,
  commands: Float32Array,
): Promise<RecordingAccepted> {
  const length = checkRecording(recording, commands);
  const { task, controlHz, seed, initial, replayHash } = recording;
  const intervention = flagsOf(recording, length);
  const demonstration = replay(rapier, {
    task,
    initial,
    controlHz,
    seed,
    length,
    source: 'browser',
    action: commands,
    command: commands,
    ...(intervention && { intervention }),
  });
  if (demonstration.replayHash !== replayHash) {
    throw new ProtocolError(
      'failed',
      `recording: the server's replay ended in state ${demonstration.replayHash}, the browser's ` +
        `in ${replayHash}; reload the page so that both use the same physics, and record again`,
    );
  }
  const dataset = await openOrCreate(datasets, recording);
  const same = dataset.episodes.findIndex(
    (facts) =>
      facts.replayHash === replayHash &&
      facts.seed === seed &&
      facts.initial.instruction === initial.instruction &&
      facts.source === 'browser',
  );
  const index = same >= 0 ? same : (await dataset.append([demonstration])).from;
  return {
    dataset: summarizeDataset(dataset.info),
    episode: summarizeEpisodes(dataset)[index],
  };
}

/** @returns a flag a control step; null of a recording that a person made from the beginning */
function flagsOf({ interventions }: Recording, length: number): Uint8Array | null {
  if (!interventions) return null;
  const flags = new Uint8Array(length);
  let free = 0;
  for (const [from, to] of interventions) {
    if (from < free || to <= from || to > length) {
      throw new ProtocolError(
        'invalid-request',
        `interventions: expected spans of control steps up to ${length}, one after the other, got ` +
          `[${from}, ${to}) after ${free}`,
      );
    }
    flags.fill(1, from, to);
    free = to;
  }
  return flags;
}

async function openOrCreate(
  datasets: DatasetStore,
  { dataset: name, task, controlHz, interventions, beginWith }: Recording,
): Promise<Dataset> {
  const kept = interventions !== undefined;
  try {
    return await datasets.open(name);
  } catch (error) {
    if (!(error instanceof DatasetError) || error.code !== 'not-found') throw error;
    if (beginWith === undefined || beginWith === name || !kept) {
      return datasets.create(name, { task, controlHz, interventions: kept });
    }
    return datasets.derive(beginWith, name, (all) => all, { interventions: kept });
  }
}
