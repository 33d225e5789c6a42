import { setImmediate as yieldToMessages } from 'node:timers/promises';
import type { Demonstration } from '../../demos/demonstration.ts';
import {
  ForeignDataset,
  type ForeignEpisode,
  type ForeignOptions,
  quoted,
  refusal,
} from '../../demos/import/index.ts';
import type { Dataset, DatasetStore, EpisodeFacts } from '../../demos/store/index.ts';
import {
  createFrames,
  forwardKinematics,
  type InitialState,
  JOINT_COUNT,
  JOINTS,
  MAX_GRIPPER_OPENING,
  modeNames,
  type Rapier,
  SimError,
  STATE_DIM,
  type Task,
  type Vec3,
} from '../../sim/index.ts';
import { StoppedError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import { replay } from './datasets.ts';

/** Episodes that are in memory, and written, at once. */
const TAKEN_TOGETHER = 50;
/** By so much a measured joint (rad) or opening (m) may lie beyond the arm's own limits. */
const SLACK = { rad: 0.2, m: 0.02 } as const;

export interface ForeignImport {
  readonly dataset: Dataset;
  /** What is to be said of it, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Takes in a dataset of another program, or one of this program that LeRobot's tools have changed.
 * Episodes that carry what is known of them here, and whose commands then lead through their very
 * frames, are whole; all others are kept as they are, and are not verified. All or nothing.
 *
 * @param root       its directory
 * @param onProgress is told after each episode
 * @throws DatasetError 'mismatch', 'damaged', 'exists'; StoppedError once the signal aborts
 * @cost as `DatasetStore.adopt`, and a replay of each episode that carries its facts
 */
export async function importForeign(
  datasets: DatasetStore,
  rapier: Rapier,
  { root, name, ...options }: ForeignOptions & { readonly root: string; readonly name: string },
  {
    onProgress = () => {},
    signal,
  }: { onProgress?: (done: number, total: number) => void; signal?: AbortSignal } = {},
): Promise<ForeignImport> {
  const foreign = await ForeignDataset.open(root, options);
  const { task, controlHz, interventions, episodes } = foreign;
  if (episodes > LIMITS.episodes) {
    throw refusal('dataset', {
      expected: `at most ${LIMITS.episodes} episodes`,
      got: `${episodes}`,
      cure: 'split it with LeRobot',
    });
  }
  const kind = { task: task.name, controlHz, camera: foreign.camera, interventions };
  let unverified = 0;
  let unjudged = 0;
  const dataset = await datasets.build(name, kind, async (copy) => {
    let some: Demonstration[] = [];
    let done = 0;
    for await (const episode of foreign.read()) {
      if (signal?.aborted) throw new StoppedError();
      const demonstration =
        replayed(rapier, task, episode, controlHz) ?? unreplayed(task, episode, controlHz);
      if (demonstration.replayHash === null) {
        unverified++;
        if (episode.success === null) unjudged++;
      }
      some.push(demonstration);
      if (some.length === TAKEN_TOGETHER) {
        await copy.append(some);
        some = [];
      }
      onProgress(++done, episodes);
      await yieldToMessages();
    }
    await copy.append(some);
    if (signal?.aborted) throw new StoppedError();
    if (done === 0) {
      const cure = 'record some first';
      throw refusal('dataset', { expected: 'at least one episode of two frames', got: '0', cure });
    }
  });
  const notes = [...foreign.notes];
  if (unverified > 0) {
    notes.push(
      `${unverified} of ${dataset.info.episodes} episodes are not verified: replaying them here does not ` +
        'give their frames; they are kept as they are, and can be trained on',
    );
  }
  if (unjudged > 0) {
    notes.push(
      `no column next.success tells which episodes succeed: ${unjudged} episodes count as without success`,
    );
  }
  return { dataset, notes };
}

/**
 * The episode as this program recorded it, where its frames carry that and replaying proves it.
 *
 * @returns null for all others
 */
function replayed(
  rapier: Rapier,
  task: Task,
  { facts, state, environment, action, command, intervention, length }: ForeignEpisode,
  controlHz: number,
): Demonstration | null {
  if (!facts || facts.task !== task.name || facts.controlHz !== controlHz) return null;
  if (facts.length !== length) return null;
  const taken = intervention?.includes(1) ? { intervention } : {};
  let stepped: Demonstration;
  try {
    const steps = { action, command: command ?? action, ...taken };
    stepped = replay(rapier, { ...facts, ...steps });
  } catch (error) {
    // A start that no episode of the task has, or physics that flies apart.
    if (error instanceof SimError) return null;
    throw error;
  }
  const same = stepped.replayHash === facts.replayHash;
  if (!same || !sameBits(stepped.state, state)) return null;
  if (!sameBits(stepped.environment, environment)) return null;
  return { ...stepped, mode: modeOf(task, facts, stepped.mode) };
}

/** A label may say otherwise than the replay: people relabel. */
function modeOf(task: Task, { mode }: EpisodeFacts, shown: string | null): string | null {
  return mode === null || modeNames(task).includes(mode) ? mode : shown;
}

function sameBits(a: Float32Array, b: Float32Array): boolean {
  return a.length === b.length && a.every((value, i) => Object.is(value, b[i]));
}

/** The episode as it was observed. What of its start was not, follows from its first frame. */
function unreplayed(
  task: Task,
  episode: ForeignEpisode,
  controlHz: Demonstration['controlHz'],
): Demonstration {
  const { state, environment, action, command, intervention, length, success } = episode;
  checkUnits('observation.state', episode.index, state);
  checkUnits('action', episode.index, action);
  if (command) checkUnits('sim.command', episode.index, command);
  return {
    task: task.name,
    mode: modeOfPath(task, state),
    source: 'imported',
    seed: null,
    controlHz,
    initial: startOf(task, episode),
    success: success ?? false,
    contact: false,
    length,
    ...{ state, environment, action, command: command ?? action },
    ...(intervention?.includes(1) && { intervention }),
    replayHash: null,
    physics: null,
  };
}

/** @throws DatasetError 'mismatch' for words that are none of the task's, or change midway */
function startOf(task: Task, { index, state, environment, words }: ForeignEpisode): InitialState {
  const start = {
    joints: Array.from(state.subarray(0, JOINT_COUNT)),
    gripperOpening: state[JOINT_COUNT],
    objects: task.objectNames.map((_, i): Vec3 => {
      const [x, y, z] = environment.subarray(3 * i, 3 * i + 3);
      return [x, y, z];
    }),
  };
  if (!task.language) return start;
  const [instruction] = words;
  if (words.length > 1) {
    throw refusal(
      `instruction of episode ${index}`,
      {
        expected: 'one for all frames',
        got: `${words.length}: ${words.slice(0, 2).map(quoted).join(', ')}`,
        cure: 'split the episode where it was recorded, or import it for a task without a language: --task NAME',
      },
      'mismatch',
    );
  }
  if (task.language.phrases.some(({ text }) => text === instruction)) {
    return { ...start, instruction };
  }
  throw refusal(
    `instruction of episode ${index}`,
    {
      expected: `a sentence of task ${task.name}, like "${task.language.phrases[1].text}"`,
      got: quoted(instruction),
      cure: 'change it with LeRobot, or import it for a task without a language: --task NAME',
    },
    'mismatch',
  );
}

/** Which way the hand went; null where it passed nothing. */
function modeOfPath(task: Task, state: Float32Array): string | null {
  const frames = createFrames();
  const path: Vec3[] = [];
  for (let at = 0; at < state.length; at += STATE_DIM) {
    const [x, y, z] = forwardKinematics(state.subarray(at, at + JOINT_COUNT), frames).tcpPosition;
    path.push([x, y, z]);
  }
  const mode = task.classifyPath(path);
  return mode !== null && modeNames(task).includes(mode) ? mode : null;
}

/** @throws DatasetError 'mismatch' for numbers that this arm cannot take: degrees, another robot */
function checkUnits(what: string, index: number, rows: Float32Array): void {
  for (const [at, value] of rows.entries()) {
    const i = at % STATE_DIM;
    const gripper = i === JOINT_COUNT;
    const [low, high] = gripper ? [0, MAX_GRIPPER_OPENING] : JOINTS[i].range;
    const [unit, slack] = gripper ? ['m', SLACK.m] : ['rad', SLACK.rad];
    if (value >= low - slack && value <= high + slack) continue;
    throw refusal(
      `${what} of episode ${index}, frame ${Math.floor(at / STATE_DIM)}`,
      {
        expected: `${gripper ? 'a gripper opening' : JOINTS[i].name} from ${low} to ${high} ${unit}`,
        got: `${value}`,
        cure:
          'bring angles to rad and openings to m where the dataset was made; another robot than ' +
          'this one cannot be learnt from here',
      },
      'mismatch',
    );
  }
}
