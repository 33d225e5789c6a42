import { afterEach, expect, it } from 'vitest';
import type {
  EnvironmentRequest,
  ResetRequest,
  StepRequest,
} from '../../../server/environment/request.ts';
import { type AnswerFields, Worlds } from '../../../server/environment/worlds.ts';
import { isNumpyArray } from '../../../server/openpi/numpy.ts';
import { findTask, startSeed } from '../../../sim/index.ts';
import {
  demonstrateMode,
  freeEpisodes,
  playRows,
  rapier,
  rowOf,
  startEpisode,
  task,
} from '../../support/simulation.ts';

const opened: Worlds[] = [];
afterEach(() => {
  for (const worlds of opened.splice(0)) worlds.free();
  freeEpisodes();
});

const RESET: ResetRequest = {
  op: 'reset',
  seed: 0,
  starts: [0],
  instructions: null,
  worlds: null,
  seeing: { obsHorizon: null, picture: null },
};

function open(of = task) {
  const worlds = new Worlds({ rapier, task: of, controlHz: 20 });
  opened.push(worlds);
  const ask = (request: EnvironmentRequest) => plain(worlds.answer(request));
  const reset = (request: Partial<ResetRequest> = {}) => ask({ ...RESET, ...request });
  const step = (actions: Float32Array, count: number, request: Partial<StepRequest> = {}) => {
    const rows = actions.length / 8 / count;
    return ask({
      ...{ op: 'step', actions, worlds: count, rows, execute: rows, only: null },
      ...request,
    });
  };
  return { worlds, ask, reset, step };
}

/** Arrays as lists of numbers; their shapes beside them. */
function plain(fields: AnswerFields): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]): [string, unknown][] =>
      isNumpyArray(value)
        ? [
            [key, Array.from(value.data, Number)],
            [`${key}.shape`, value.shape],
          ]
        : [[key, value]],
    ),
  );
}

/** The start of a number, as evaluations have it. */
const startOf = (start: number, seed = 0) =>
  task.sampleInitialState(startSeed('evaluation', seed, start));

/** So many control steps of an arm that stays where a start has it. */
const holding = (start: number, rows = 1) => {
  const { joints, gripperOpening } = startOf(start);
  return new Float32Array(
    Array(rows)
      .fill([...joints, gripperOpening])
      .flat(),
  );
};

it('begins at the starts of an evaluation, and shows what a policy observes', () => {
  const { reset } = open();
  const episode = startEpisode(startOf(4, 7));
  const { state, environment } = episode.observe();
  expect(reset({ seed: 7, starts: [4] })).toEqual({
    'observation.state': [...state],
    'observation.state.shape': [1, 8],
    'observation.environment_state': [...environment],
    'observation.environment_state.shape': [1, 6],
    steps: [0],
    'steps.shape': [1],
    instruction: [''],
  });
});

it('ends a demonstration that is carried out in the bits and the judgement of the simulator', () => {
  const { reset, step } = open();
  const { initial, command, mode } = demonstrateMode('left', startSeed('evaluation', 0, 0));
  expect(initial).toEqual(startOf(0));
  const alone = startEpisode(initial);
  for (let t = 0; !alone.decided; t++) alone.step(rowOf(command, t));
  reset();
  const first = step(command.slice(0, 40 * 8), 1);
  expect(first).toMatchObject({ steps: [40], executed: [40], reward: [0], terminated: [0] });
  const end = {
    ...{ steps: [alone.steps], success: [1], terminated: [1], truncated: [0], contact: [0] },
    ...{ mode: [mode], lifted: ['ball'], replay_hash: [alone.hash] },
  };
  // A demonstration goes on for a while when it has succeeded; an attempt does not.
  expect(step(command.slice(40 * 8), 1)).toMatchObject({ ...end, reward: [1] });
  expect(step(command.slice(0, 8), 1)).toMatchObject({ ...end, executed: [0], reward: [0] });
});

it('steps worlds in lockstep, each as it would alone, rows of a plan as single ones', () => {
  const { reset, step } = open();
  reset({ starts: [1, 2] });
  const alone = [1, 2].map((start) => playRows(startEpisode(startOf(start)), holding(start, 3)));
  const actions = new Float32Array([...holding(1, 5), ...holding(2, 5)]);
  step(actions, 2, { execute: 2 });
  const answer = step(new Float32Array([...holding(1), ...holding(2)]), 2);
  expect(answer).toMatchObject({
    steps: [3, 3],
    replay_hash: alone.map(({ hash }) => hash),
    'observation.state': alone.flatMap((episode) => [...episode.observe().state]),
  });
});

it('has a plan classified as the simulator does, whatever is carried out of it', () => {
  const { reset, step } = open();
  const { command: commands } = demonstrateMode('right', startSeed('evaluation', 0, 0));
  reset();
  expect(step(commands, 1, { execute: 1 })).toMatchObject({ steps: [1], plan: ['right'] });
  expect(step(commands.slice(0, 8), 1)).toMatchObject({ plan: [null] });
});

it('gives as many observations as are asked for, oldest first, the first standing in', () => {
  const { reset, step } = open();
  const [first, dim] = [startEpisode(startOf(0)), 8];
  const begun = reset({ seeing: { obsHorizon: 2, picture: null } });
  const before = [...first.observe().state];
  expect(begun).toMatchObject({
    'observation.state.shape': [1, 2, dim],
    'observation.state': [...before, ...before],
  });
  playRows(first, holding(0));
  expect(step(holding(0), 1)).toMatchObject({
    'observation.state': [...before, ...first.observe().state],
  });
});

it('begins some worlds anew, and moves some, while the others stay', () => {
  const { reset, step, worlds } = open();
  reset({ starts: [1, 2, 3] });
  step(new Float32Array([1, 2, 3].flatMap((start) => [...holding(start)])), 3);
  expect(reset({ starts: [5], worlds: [1] })).toMatchObject({ steps: [0] });
  expect(step(holding(3), 1, { only: [2] })).toMatchObject({ steps: [2] });
  const all = step(new Float32Array([1, 5, 3].flatMap((start) => [...holding(start)])), 3);
  expect(all).toMatchObject({ steps: [2, 1, 3] });
  expect(worlds.count).toBe(3);
});

it('shows pictures, of each observation or now and then', () => {
  const { reset, ask } = open();
  const seen = reset({ starts: [0, 1], seeing: { obsHorizon: null, picture: 16 } });
  expect(seen['observation.images.front.shape']).toEqual([2, 16, 16, 3]);
  const { pictures } = ask({ op: 'render', size: 16 });
  expect(pictures).toEqual(seen['observation.images.front']);
});

it('tells the robot what it is told', () => {
  const { reset } = open(findTask('left-right-colour'));
  const said = ['pick up the red ball', ''];
  expect(reset({ starts: [0, 1], instructions: said })).toMatchObject({ instruction: said });
});

it('runs out of time as an evaluation does', () => {
  const { reset, step } = open();
  reset();
  const limit = task.timeLimit * 20;
  expect(step(holding(0, 128), 1)).toMatchObject({ executed: [128], truncated: [0] });
  const end = step(holding(0, 128), 1);
  expect(end).toMatchObject({ steps: [limit], executed: [limit - 128], truncated: [1] });
  expect(end).toMatchObject({ terminated: [0], success: [0] });
});

it('refuses what there is no world for, and keeps those there are', () => {
  const { reset, step } = open();
  expect(() => step(holding(0), 1)).toThrow(/ask for "reset" first/);
  reset();
  step(holding(0), 1);
  expect(() => step(new Float32Array([...holding(0), ...holding(0)]), 2)).toThrow(
    /1 worlds, got 2/,
  );
  expect(() => step(holding(0), 1, { only: [1] })).toThrow(/below 1, got 1/);
  expect(() => reset({ starts: [0], worlds: [3] })).toThrow(/below 1, got 3/);
  expect(step(holding(0), 1)).toMatchObject({ steps: [2] });
});
