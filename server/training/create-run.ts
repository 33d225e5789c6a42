import type { DatasetInfo, DatasetStore } from '../../demos/store/index.ts';
import { imageSize } from '../../policies/config/condition-inputs.ts';
import {
  type ObjectiveSpec,
  type PolicySpec,
  PRESETS,
  presetPolicy,
  type Readable,
} from '../../policies/config/index.ts';
import type { EncoderIdentity } from '../../policies/text/encoder.ts';
import { vocabularyOf } from '../../policies/text/tokenizer.ts';
import { findTask, STATE_DIM, type Task } from '../../sim/index.ts';
import { hullsOf } from '../../sim/tasks/start-region.ts';
import { type Concern, concernsOf, FEW_EPISODES } from '../protocol/concerns.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Run, TrainRequest } from '../protocol/runs.ts';
import type { RunStore } from '../storage/run-store.ts';
import { chooseBeginning, type Origin } from './origin.ts';
import { chooseTeacher } from './reflow.ts';

/**
 * Takes up a new run: checks what was asked for against the dataset and writes `run.json`.
 *
 * @param encoder what it is to read with instead of learning the words
 * @throws ProtocolError 'conflict' where the dataset cannot train anything
 * @throws DatasetError
 */
export async function createRun(
  runs: RunStore,
  datasets: DatasetStore,
  request: TrainRequest,
  encoder?: EncoderIdentity,
): Promise<Run> {
  return runs.create({ ...(await defineRun(runs, datasets, request, encoder)), ...UNTRAINED });
}

/** A run that has not begun. */
export const UNTRAINED = {
  status: 'queued',
  pid: null,
  engine: null,
  step: 0,
  loss: null,
  seconds: 0,
  error: null,
} as const satisfies Partial<Run>;

/** All that defines a run, before there is one. */
export type DefinedRun = Omit<Run, 'id' | 'createdAt' | keyof typeof UNTRAINED>;

/**
 * What a run is that is asked for.
 *
 * @throws as `createRun`
 */
export async function defineRun(
  runs: RunStore,
  datasets: DatasetStore,
  request: TrainRequest,
  encoder?: EncoderIdentity,
): Promise<DefinedRun> {
  const { info, episodes } = await datasets.open(request.dataset);
  const starts = hullsOf(episodes.map(({ initial }) => initial)).map((hull) =>
    hull.map(([x, y]): [number, number] => [x, y]),
  );
  if (info.episodes === 0) {
    throw new ProtocolError(
      'conflict',
      `dataset ${info.name}: expected at least one episode to train on, got none; ` +
        'record or generate demonstrations first',
    );
  }
  const preset = PRESETS[request.preset].training;
  const steps = request.steps ?? preset.steps;
  const made = presetPolicy(request.preset, request.policy, {
    ...info,
    readable: readableOf(info.task, encoder),
  });
  const teacher = await chooseTeacher(runs, request, info);
  const spec = specFor(request, made, teacher);
  checkPictures(spec, info);
  const beginning = await chooseBeginning(runs, request, spec);
  return {
    policy: request.policy,
    preset: request.preset,
    spec,
    // A short run warms up for a part of it, or it would end before it reaches its rate.
    training: {
      ...preset,
      steps,
      warmupSteps: Math.min(preset.warmupSteps, Math.ceil(steps / 10)),
      seed: request.seed,
    },
    dataset: { name: info.name, hash: info.hash, episodes: info.episodes, starts },
    ...(teacher && { teacher: teacher.record }),
    ...(beginning && { from: beginning.record }),
    warnings: warningsFor(info),
  };
}

/**
 * Gives a run more steps than it began with. Its learning rate follows the longer schedule from
 * where the run stands: of one that was done it rises again.
 *
 * @param steps in all
 * @throws ProtocolError 'conflict' unless it has made fewer, or where another trains it; 'not-found'
 */
export async function prolong(runs: RunStore, id: string, steps: number): Promise<Run> {
  const lock = await runs.hold(id);
  try {
    const { step, training } = await runs.read(id);
    if (steps > step) return await runs.update(id, { training: { ...training, steps } });
    throw new ProtocolError(
      'conflict',
      `run ${id}: expected more steps than the ${step} it has made, got ${steps}; ` +
        'a run cannot be shortened',
    );
  } finally {
    await lock.release();
  }
}

/**
 * The words a policy of a task learns, where it has a language, and the things it observes. The
 * sentences that are held out are not looked at.
 */
function readableOf(name: string, encoder: EncoderIdentity | undefined): Readable | undefined {
  const task = findTask(name);
  if (!task.language) {
    if (!encoder) return undefined;
    throw new ProtocolError(
      'invalid-request',
      `text encoder: expected demonstrations of a task with a language, got ${name}, in which nothing ` +
        'is read; leave --text-encoder out',
    );
  }
  const taught = task.language.phrases.filter(({ heldOut }) => !heldOut);
  return {
    vocabulary: vocabularyOf(taught.map(({ text }) => text)),
    observed: [{ name: 'state', size: STATE_DIM }, ...thingsOf(task)],
    encoder,
  };
}

/** What a task's environment is of: components whose names begin alike belong to one thing. */
function thingsOf({ environmentNames }: Task): { name: string; size: number }[] {
  const owners = environmentNames.map((name) => name.split('.')[0]);
  return [...new Set(owners)].map((name) => ({
    name,
    size: owners.filter((owner) => owner === name).length,
  }));
}

/** A reflow is its teacher's network; the preset then decides its training alone. */
function specFor(request: TrainRequest, spec: PolicySpec, teacher: Origin | null): PolicySpec {
  const base = teacher?.policy.spec ?? spec;
  return { ...base, objective: objectiveFor(request, spec.objective) };
}

/** @throws ProtocolError 'invalid-request' for a choice that the objective does not leave */
function objectiveFor(
  { policy, flowTime, prediction }: TrainRequest,
  objective: ObjectiveSpec,
): ObjectiveSpec {
  const { kind } = objective;
  const refuse = (expected: string, got: string): never => {
    throw new ProtocolError('invalid-request', `${expected} one, got "${got}" for ${policy}`);
  };
  if (flowTime !== undefined && kind !== 'flow') {
    return refuse('flow time: only flow and reflow have', flowTime);
  }
  if (prediction !== undefined && kind !== 'diffusion') {
    return refuse('prediction: only diffusion chooses', prediction);
  }
  if (kind === 'flow' && flowTime !== undefined) return { ...objective, time: flowTime };
  if (kind === 'diffusion' && prediction !== undefined) return { ...objective, prediction };
  return objective;
}

/** A training keeps the pictures of all frames in one array, and Node 20 makes none that is larger. */
const MOST_PICTURE_BYTES = 2 ** 32 - 1;

/** @throws ProtocolError 'conflict' for more pictures than a training can keep */
export function checkPictures(
  { condition }: PolicySpec,
  { name, frames }: Pick<DatasetInfo, 'name' | 'frames'>,
): void {
  const bytes = condition ? imageSize(condition) : 0;
  if (bytes * frames <= MOST_PICTURE_BYTES) return;
  throw new ProtocolError(
    'conflict',
    `dataset ${name}: expected at most ${Math.floor(MOST_PICTURE_BYTES / bytes)} frames, as many as ` +
      `a training can keep pictures of, got ${frames}; train on fewer demonstrations`,
  );
}

/** What a dataset lets one expect, where that is less than people hope for. */
function warningsFor(info: DatasetInfo): string[] {
  return concernsOf(info).map((concern) => warningOf(info.name, concern));
}

function warningOf(name: string, concern: Concern): string {
  switch (concern.kind) {
    case 'one mode':
      return (
        `dataset ${name} shows no demonstration of ${concern.missing.join(' or ')}: ` +
        'every policy will learn the one mode there is, and none will average modes'
      );
    case 'few':
      return (
        `dataset ${name} has ${concern.episodes} demonstrations: expect a policy that repeats them ` +
        `and fails elsewhere; ${FEW_EPISODES} or more pairs from varied starts are a beginning`
      );
    case 'failures':
      return (
        `${concern.failed} of ${concern.episodes} demonstrations in ${name} did not succeed: ` +
        'policies imitate failures as well'
      );
  }
}
