import { describe, expect, it } from 'vitest';
import { demonstrate } from '../../../demos/demonstrate.ts';
import { findExpert } from '../../../demos/experts/index.ts';
import { NO_MODE, type StageRequest } from '../../../server/protocol/index.ts';
import type { Stage } from '../../../server/stage/stage.ts';
import { findTask, startSeed, TASKS } from '../../../sim/index.ts';
import { imitator } from '../../support/imitator.ts';
import type { Script } from '../../support/scripted-policy.ts';
import { demonstrateMode, rapier, task } from '../../support/simulation.ts';
import {
  ACTION_HORIZON,
  CHUNK,
  FIRST_ID,
  holdStill,
  openStage,
  playUntil,
  SEED,
} from '../../support/stages.ts';
import { until } from '../../support/until.ts';

/** Both sides of the first two episodes' starts. */
const DEMONSTRATIONS = [0, 1].flatMap((episode) => {
  const start = startSeed('evaluation', SEED, episode);
  return [demonstrateMode('left', start), demonstrateMode('right', start)];
});
const succeed = imitator(DEMONSTRATIONS.filter((_, i) => i % 2 === 0));
describe('a stage', () => {
  it('plays episode after episode and counts what came of them', async () => {
    const { episodes } = await playUntil([succeed, holdStill], 2);
    expect(episodes.map(({ episode }) => episode)).toEqual([0, 1, 2]);
    const none = {
      episodes: 0,
      successes: 0,
      contacts: 0,
      obeyed: 0,
      modes: { left: 0, right: 0 },
    };
    expect(episodes[0].counts).toEqual([none, none]);
    expect(episodes[1].counts).toEqual([
      { episodes: 1, successes: 1, contacts: 0, obeyed: 1, modes: { left: 1, right: 0 } },
      { ...none, episodes: 1 },
    ]);
    expect(episodes[2].counts[0]).toMatchObject({ episodes: 2, successes: 2 });
    expect(episodes[2].counts[1]).toMatchObject({ episodes: 2, successes: 0 });
  });

  it('says what is on it when an episode begins', async () => {
    const { episodes } = await playUntil([succeed], 0);
    expect(episodes[0]).toMatchObject({
      id: FIRST_ID,
      seed: SEED,
      episode: 0,
      actionHorizon: ACTION_HORIZON,
      controlHz: 20,
      engine: 'scripted',
      lanes: [
        {
          policy: 'flow',
          source: { kind: 'run', id: 'a' },
          sampler: 'euler',
          nfe: 1,
          parameters: 12,
          predHorizon: 32,
          guidance: 1,
          unknown: [],
        },
      ],
      objects: task.sampleInitialState(startSeed('evaluation', SEED, 0)).objects,
      task: 'left-right',
      instruction: null,
    });
  });

  it('numbers the frames of an episode by steps of one', async () => {
    const { frames } = await playUntil([succeed, holdStill], 1);
    const first = frames.filter(({ episodeId }) => episodeId === FIRST_ID);
    expect(first.length).toBeGreaterThan(20);
    expect(first.map(({ step }) => step)).toEqual(first.map((_, i) => i));
  });

  it('says of frames and fans which episode they belong to', async () => {
    const { episodes, frames, fans } = await playUntil([succeed, holdStill], 2);
    expect(episodes.map(({ id }) => id)).toEqual([FIRST_ID, FIRST_ID + 1, FIRST_ID + 2]);
    for (const messages of [frames, fans]) {
      const ids = messages.map(({ episodeId }) => episodeId);
      expect(ids).toEqual(ids.toSorted((a, b) => a - b));
      expect(ids[0]).toBe(FIRST_ID);
      expect(ids).toContain(FIRST_ID + 1);
    }
  });

  it('lets a lane that has ended rest while others go on', async () => {
    const { frames } = await playUntil([succeed, holdStill], 1);
    const last = frames.findLast(({ episodeId }) => episodeId === FIRST_ID);
    expect(last?.lanes.map(({ ended }) => ended)).toEqual([true, true]);
    const alone = frames.filter(({ lanes }) => lanes[0].ended && !lanes[1].ended);
    expect(alone.length).toBeGreaterThan(10);
    expect(new Set(alone.map(({ lanes }) => Array.from(lanes[0].joints).join())).size).toBe(1);
    expect(alone.every(({ lanes }) => lanes[0].success && !lanes[0].contact)).toBe(true);
  });

  it('goes on for a second after the decision: one sees what it came to', async () => {
    const { frames } = await playUntil([succeed], 1);
    const decided = frames.findIndex(({ lanes }) => lanes[0].success);
    const ended = frames.findIndex(({ lanes }) => lanes[0].ended);
    expect(ended - decided).toBe(19);
  });

  it('draws a fan at each inference; its first future is acted on', async () => {
    const { fans } = await playUntil([imitator(DEMONSTRATIONS)], 1, { fan: 12 });
    expect(fans.slice(0, 3).map(({ step }) => step)).toEqual([0, 16, 32]);
    const [first] = fans;
    expect(first).toMatchObject({ lane: 0, nfe: 1, horizon: 32 });
    expect(first.paths).toHaveLength(12);
    expect(new Set(first.paths.map(({ mode }) => mode))).toEqual(new Set([0, 1]));
    const later = fans.slice(1, 4).flatMap(({ paths }) => paths.map(({ mode }) => mode));
    expect(new Set(later.filter((mode) => mode !== NO_MODE))).toEqual(
      new Set([first.paths[0].mode]),
    );
  });

  it('draws the fan from what the plan was drawn from: its first future is the plan', async () => {
    const calls: { observation: number[]; noise: number[]; batch: number }[] = [];
    const script = imitator(DEMONSTRATIONS);
    await playUntil(
      [
        (inputs) => {
          calls.push({
            observation: Array.from(inputs.observation.subarray(0, 28)),
            noise: Array.from(inputs.noise.subarray(0, CHUNK)),
            batch: inputs.noise.length / CHUNK,
          });
          return script(inputs);
        },
      ],
      1,
      { fan: 3 },
    );
    const plans = calls.filter(({ batch }) => batch === 1);
    const fans = calls.filter(({ batch }) => batch === 3);
    expect(plans.length).toBeGreaterThan(4);
    for (const [i, { observation, noise }] of fans.entries()) {
      expect({ observation, noise }).toEqual({
        observation: plans[i].observation,
        noise: plans[i].noise,
      });
    }
  });

  it('shows the same for the same settings, and begins where it is told', async () => {
    const one = await playUntil([imitator(DEMONSTRATIONS)], 1, { fan: 3 });
    const two = await playUntil([imitator(DEMONSTRATIONS)], 1, { fan: 3 });
    expect(two.frames).toEqual(one.frames);
    const later = await playUntil([imitator(DEMONSTRATIONS)], 1, { fan: 3, episode: 1 });
    expect(later.episodes[0]).toMatchObject({ episode: 1, objects: one.episodes[1].objects });
  });

  it('puts the object where a person put it', async () => {
    const { episodes, frames } = await playUntil([holdStill], 0, { objects: [[0.7, -0.05]] });
    const [[x, y, z]] = episodes[0].objects;
    expect([x, y]).toEqual([Math.fround(0.7), Math.fround(-0.05)]);
    expect(Array.from(frames[0].lanes[0].objects[0])).toEqual([x, y, z]);
  });
});

describe('the controls of a stage', () => {
  it.each<[string, number, number]>([
    ['the plan that is acted on', 1, 1],
    ['a fan', 2, 2],
  ])('close silences it at once, also while it draws %s', async (_, batch, frames) => {
    let opened: Stage | null = null;
    const closing: Script = (inputs) => {
      if (inputs.noise.length === batch * CHUNK) opened?.close();
      return holdStill(inputs);
    };
    const { said, ended } = await openStage(
      [closing],
      (_said, stage) => {
        opened = stage;
      },
      { fan: 2 },
    );
    await ended;
    expect(said.frames).toHaveLength(frames);
    expect(said.fans).toEqual([]);
    expect(said.episodes).toHaveLength(1);
  });

  it('next ends the episode without counting it', async () => {
    const { said, ended } = await openStage([holdStill], ({ episodes, frames }, stage) => {
      if (episodes.length === 3) stage.close();
      else if (frames.at(-1)?.step === 3) stage.command({ kind: 'next' });
    });
    await ended;
    expect(said.episodes.map(({ episode }) => episode)).toEqual([0, 1, 2]);
    expect(said.episodes.map(({ counts }) => counts[0].episodes)).toEqual([0, 0, 0]);
    expect(Math.max(...said.frames.map(({ step }) => step))).toBeLessThan(6);
  });

  it('pause holds it however long others play; play goes on where it was', async () => {
    const { stage, said, ended } = await openStage([holdStill], ({ frames }, opened) => {
      if (frames.length === 5) opened.command({ kind: 'play', playing: false });
      if (frames.length === 9) opened.close();
    });
    await playUntil([holdStill], 3);
    expect(said.frames).toHaveLength(5);
    stage.command({ kind: 'play', playing: true });
    await ended;
    expect(said.frames.length).toBeGreaterThanOrEqual(9);
    expect(said.frames.map(({ step }) => step)).toEqual(said.frames.map((_, i) => i));
  });

  it('paused after its first plans shows the futures of all of them', async () => {
    const { said } = await openStage([holdStill, holdStill, holdStill], ({ frames }, opened) => {
      if (frames.length === 2) opened.command({ kind: 'play', playing: false });
    });
    await until(() => said.fans.length === 3, 'three fans');
    expect(said.fans.map(({ lane, step }) => [lane, step])).toEqual([
      [0, 0],
      [1, 0],
      [2, 0],
    ]);
    expect(said.frames).toHaveLength(2);
  });

  it('next shows the next episode of a paused stage at its start, and holds it there', async () => {
    const { stage, said, ended } = await openStage([holdStill], ({ frames }, opened) => {
      if (frames.length === 2) opened.command({ kind: 'play', playing: false });
    });
    await playUntil([holdStill], 1);
    stage.command({ kind: 'next' });
    await playUntil([holdStill], 1);
    expect(said.episodes.map(({ episode }) => episode)).toEqual([0, 1]);
    expect(said.frames.map(({ step }) => step)).toEqual([0, 1, 0]);
    stage.close();
    await ended;
  });
});

describe('a stage of the task with a language', () => {
  const colour = findTask('left-right-colour');
  const start = startSeed('evaluation', SEED, 0);
  const expert = findExpert(colour.name);
  if (!expert) throw new Error('expected an expert of the task');
  /** Lifts the green ball past the left. */
  const lift = imitator([
    demonstrate(rapier, colour, expert, 'left', {
      controlHz: 20,
      startSeed: start,
      expertSeed: start,
      instruction: 'take the green one from the left',
    }),
  ]);
  const play = (request: Partial<StageRequest>) =>
    playUntil([lift], 1, { task: colour.name, ...request });

  it.each([
    ['hand me the green apple', { successes: 1, obeyed: 1 }],
    ['take the green one from the left', { successes: 1, obeyed: 1 }],
    ['', { successes: 1, obeyed: 1 }],
    ['take the green one from the right', { successes: 1, obeyed: 0 }],
    ['hand me the red apple', { successes: 0, obeyed: 0 }],
  ])('says of a green ball lifted past the left what "%s" makes of it', async (text, outcome) => {
    const { episodes, frames } = await play({ instruction: text });
    expect(episodes[0]).toMatchObject({ task: colour.name, instruction: text });
    expect(episodes[1].counts[0]).toMatchObject({ episodes: 1, ...outcome });
    const up = frames.find(({ lanes }) => lanes[0].lifted !== -1);
    expect(up?.lanes[0]).toMatchObject({ lifted: 1, mode: 0 });
    expect(frames[0].lanes[0]).toMatchObject({ lifted: -1, mode: NO_MODE });
    const green = colour.sampleInitialState(start).objects[1];
    expect(Array.from(frames[0].lanes[0].objects[1])).toEqual([...green]);
  });

  it('has a sentence held out of training for each episode where none is given', async () => {
    const first = await play({});
    const again = await play({});
    const said = first.episodes.map(({ instruction }) => instruction);
    expect(new Set(said).size).toBe(2);
    const heldOut = colour.language?.phrases.filter((phrase) => phrase.heldOut) ?? [];
    for (const text of said) expect(heldOut.map((phrase) => phrase.text)).toContain(text);
    expect(again.episodes.map(({ instruction }) => instruction)).toEqual(said);
  });

  it('names the words that a policy does not know, each once', async () => {
    const { episodes } = await play({ instruction: 'hand me the Apricot, the red apricot' });
    expect(episodes[0].lanes[0].unknown).toEqual(['apricot']);
  });

  it('puts both balls where a person put them', async () => {
    const { episodes } = await play({
      objects: [
        [0.64, 0.1],
        [0.7, -0.06],
      ],
    });
    expect(episodes[0].objects.map(([x, y]) => [x, y])).toEqual([
      [Math.fround(0.64), Math.fround(0.1)],
      [Math.fround(0.7), Math.fround(-0.06)],
    ]);
  });
});

describe('a stage that cannot be', () => {
  it.each<[string, Partial<StageRequest>, string]>([
    [
      'of a task that does not exist',
      { task: 'juggle' },
      `expected one of ${TASKS.map(({ name }) => name).join(', ')}, got "juggle"`,
    ],
    ['with a ball out of reach', { objects: [[9, 0]] }, 'ball x (m): expected'],
    [
      'with more balls than the task has',
      { objects: new Array<[number, number]>(2).fill([0.68, 0]) },
      'expected 7 joints and 1 object, got 7 and 2',
    ],
    [
      'with two balls that the hand could not part',
      {
        task: 'left-right-colour',
        objects: [
          [0.68, 0.02],
          [0.68, -0.02],
        ],
      },
      'balls: expected at least 0.11 m apart, got 0.040',
    ],
    ['that says something where nobody reads', { instruction: 'hello' }, 'no instruction'],
  ])('%s is refused before it begins', async (_, request, message) => {
    await expect(openStage([holdStill], () => {}, request)).rejects.toThrow(message);
  });
});
