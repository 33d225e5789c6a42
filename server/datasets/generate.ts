import { setImmediate as yieldToMessages } from 'node:timers/promises';
import { demonstrate } from '../../demos/demonstrate.ts';
import type { Demonstration } from '../../demos/demonstration.ts';
import { findExpert } from '../../demos/experts/index.ts';
import { findTask, modeNames, type Rapier, startSeed, type Task } from '../../sim/index.ts';
import { drawInstruction } from '../../sim/tasks/draw-instruction.ts';
import type { DatasetSummary, GenerateRequest } from '../protocol/datasets.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Workspace } from '../storage/workspace.ts';
import { summarizeDataset } from './datasets.ts';
import type { GenerationPart } from './generation-part.ts';

/** Episodes committed together. */
const COMMIT_SIZE = 20;
/** Experts tried from one start before giving up; a push can make one fail. */
const MAX_TRIES = 10;

export interface GenerateOptions {
  /** Told how many episodes there are. */
  readonly onProgress?: (done: number) => void;
  readonly signal?: AbortSignal;
  /** Asked for each episode in turn: what another process showed; null of one that is to be shown here. */
  readonly elsewhere?: (episode: number) => Promise<Demonstration | null>;
}

/**
 * Lets a task's scripted expert demonstrate every mode from each start, and keeps what succeeds.
 * The same request gives the same dataset, whatever it is called.
 *
 * @throws ProtocolError 'invalid-request' for an unknown mode or a task without an expert; 'failed'
 *         where an expert does not succeed. What was demonstrated before that stays; a dataset
 *         without an episode goes, so that its name is free again
 * @throws DatasetError 'exists'
 * @cost 0.08 s an episode
 */
export async function generateDemonstrations(
  { datasets }: Workspace,
  rapier: Rapier,
  request: GenerateRequest,
  { onProgress = () => {}, signal, elsewhere = async () => null }: GenerateOptions = {},
): Promise<DatasetSummary> {
  const { episodes, out } = request;
  const show = demonstratorOf(rapier, request);
  const dataset = await datasets.create(out, kindOf(request));
  let waiting: Demonstration[] = [];
  for (let i = 0; i < episodes && !signal?.aborted; i++) {
    const shown = await elsewhere(i);
    // Whoever ends it ends the others first.
    if (signal?.aborted) break;
    const demonstration = shown ?? show(i);
    if (!demonstration) {
      await dataset.append(waiting);
      if (i === 0) await datasets.trash(out);
      throw noSuccess(request, i, i === 0 ? 'nothing was kept' : `${out} keeps the ${i} before it`);
    }
    waiting.push(demonstration);
    if (waiting.length === COMMIT_SIZE) {
      await dataset.append(waiting);
      waiting = [];
    }
    onProgress(i + 1);
    await yieldToMessages();
  }
  await dataset.append(waiting);
  return summarizeDataset(dataset.info);
}

/**
 * The same of some of the episodes, which are kept nowhere.
 *
 * @param onShown given each as it is shown
 * @param every   only every so manieth of them, from the first on
 * @throws as `generateDemonstrations`
 */
export async function demonstratePart(
  rapier: Rapier,
  { request, from, to }: GenerationPart,
  onShown: (demonstration: Demonstration) => void,
  every = 1,
): Promise<void> {
  const show = demonstratorOf(rapier, request);
  for (let i = from; i < to; i += every) {
    const demonstration = show(i);
    if (!demonstration) throw noSuccess(request, i, 'nothing was kept');
    onShown(demonstration);
    await yieldToMessages();
  }
}

/** What a dataset of these demonstrations keeps. */
export function kindOf({ task, controlHz, camera }: GenerateRequest) {
  return { task, controlHz, camera: camera ?? null };
}

type Shown = GenerationPart['request'];

/**
 * What shows each episode of a generation, by its number.
 *
 * @returns null of one in which no expert succeeds
 * @throws ProtocolError 'invalid-request' for an unknown mode or a task without an expert
 */
function demonstratorOf(
  rapier: Rapier,
  { task: taskName, seed, controlHz, pushes, mode }: Shown,
): (episode: number) => Demonstration | null {
  const task = findTask(taskName);
  const expert = findExpert(taskName);
  if (!expert) {
    throw new ProtocolError(
      'invalid-request',
      `task ${taskName} has no scripted expert; record demonstrations in the browser instead`,
    );
  }
  const modes = modeNames(task);
  if (mode !== undefined && !modes.includes(mode)) {
    const known = modes.join(', ');
    throw new ProtocolError('invalid-request', `mode: expected one of ${known}, got "${mode}"`);
  }
  const behaviours = behavioursOf(task, mode);
  return (i) => {
    const shown = behaviours[i % behaviours.length];
    const instruction =
      task.language && drawInstruction(task.language, shown, -1 - expertSeed(seed, i, 0));
    const start = startSeed('demonstration', seed, Math.floor(i / behaviours.length));
    return firstSuccess((retry) =>
      demonstrate(rapier, task, expert, shown.mode, {
        controlHz,
        startSeed: start,
        expertSeed: expertSeed(seed, i, retry),
        pushes,
        ...(instruction !== undefined && { instruction }),
      }),
    );
  };
}

function noSuccess(
  { task: name, seed, pushes, mode }: Shown,
  i: number,
  kept: string,
): ProtocolError {
  const behaviours = behavioursOf(findTask(name), mode);
  const start = startSeed('demonstration', seed, Math.floor(i / behaviours.length));
  return new ProtocolError(
    'failed',
    `the expert of ${name} did not succeed in mode ${behaviours[i % behaviours.length].mode} in ` +
      `${MAX_TRIES} tries from the start of seed ${start}; ${kept}. ` +
      `Generate with another seed${pushes ? ', without pushes' : ''} or another mode; where a ` +
      'mode fails from every start, its expert does not fit the scene',
  );
}

/**
 * What is demonstrated from each start: every mode, and in a task with a choice every object by
 * every mode. So a start tells nothing about what will be asked for.
 */
export function behavioursOf(
  task: Task,
  only: string | undefined,
): { object: string | null; mode: string }[] {
  const objects = task.language ? task.objectNames : [null];
  const shown = only === undefined ? modeNames(task) : [only];
  return objects.flatMap((object) => shown.map((mode) => ({ object, mode })));
}

/**
 * Seed of an expert's own variation: different for each episode and each try. Of seeds below 16384
 * it is what it always was, 31 bits, which repeat from one seed to another far away; of larger ones
 * it lies above these, and none is like another.
 */
export function expertSeed(seed: number, episode: number, retry: number): number {
  const place = (seed * 2 ** 16 + episode) * MAX_TRIES + retry;
  return seed < 2 ** 14 ? place % 2 ** 31 : 2 ** 31 + place;
}

/** The first try that succeeds: a push can spoil one. @returns null where none does */
function firstSuccess(attempt: (retry: number) => Demonstration): Demonstration | null {
  for (let retry = 0; retry < MAX_TRIES; retry++) {
    const demonstration = attempt(retry);
    if (demonstration.success) return demonstration;
  }
  return null;
}
