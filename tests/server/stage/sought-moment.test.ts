import { expect, it } from 'vitest';
import { FIRST_ID, holdStill, openStage, playUntil, type Said } from '../../support/stages.ts';
import { until } from '../../support/until.ts';

/** A control step takes days: what comes of it has not come in real time. */
const STANDING = 1e-6;
const MOMENT = 40;

const shown = ({ frames }: Said, last: number) =>
  frames
    .filter(({ episodeId, step }) => episodeId === FIRST_ID && step <= last)
    .map(({ step, lanes }) => ({ step, lanes }));

it('a moment that is waited for is there as fast as it can be, in the bits of one that is watched', async () => {
  const { stage, said, ended } = await openStage(
    [holdStill, holdStill],
    () => {},
    { fan: 2, request: 7, episode: 3 },
    STANDING,
  );
  stage.command({ kind: 'play', playing: true, until: { request: 7, episode: 3, step: MOMENT } });
  await until(() => said.frames.length === MOMENT + 1, 'the moment');
  stage.close();
  await ended;
  const watched = await playUntil([holdStill, holdStill], 4, { fan: 2, episode: 3 });
  expect(shown(said, MOMENT)).toEqual(shown(watched, MOMENT));
  expect(said.fans.map(({ step, lane }) => [step, lane])).toEqual([
    ...[0, 16, 32].flatMap((step) => [
      [step, 0],
      [step, 1],
    ]),
  ]);
  const hurried = [...said.frames.slice(1), ...said.fans];
  expect(hurried.map(({ kept }) => kept)).toEqual(hurried.map(() => true));
  expect([...watched.frames, ...watched.fans].filter(({ kept }) => kept)).toEqual([]);
});

it.each([
  ['other settings', { request: 6, episode: 3, step: MOMENT }],
  ['another episode', { request: 7, episode: 4, step: MOMENT }],
  ['the past', { request: 7, episode: 3, step: 0 }],
])('nothing hurries to a moment of %s', async (_what, sought) => {
  const { stage, said, ended } = await openStage(
    [holdStill],
    () => {},
    { request: 7, episode: 3 },
    STANDING,
  );
  stage.command({ kind: 'play', playing: true, until: sought });
  await playUntil([holdStill], 1);
  expect(said.frames.map(({ step }) => step)).toEqual([0]);
  stage.close();
  await ended;
});

it('a stage that is told to rest on its way to a moment rests', async () => {
  const { stage, said, ended } = await openStage(
    [holdStill],
    ({ frames }, opened) => {
      if (frames.length === 5) opened.command({ kind: 'play', playing: false });
    },
    {},
    STANDING,
  );
  stage.command({ kind: 'play', playing: true, until: { request: 0, episode: 0, step: MOMENT } });
  await until(() => said.frames.length === 5, 'five frames');
  await playUntil([holdStill], 1);
  expect(said.frames).toHaveLength(5);
  stage.close();
  await ended;
});

it.each([
  ['at the moment', 5],
  ['at the end of an episode that is shorter', 4000],
])('a stage rests %s, until it is told to play on', async (_where, step) => {
  const { stage, said, ended } = await openStage([holdStill], () => {}, { request: 7, episode: 3 });
  stage.command({ kind: 'play', playing: true, until: { request: 7, episode: 3, step } });
  const whole = (await playUntil([holdStill], 2)).frames.filter(
    ({ episodeId }) => episodeId === FIRST_ID,
  );
  const last = Math.min(step, whole.length - 1);
  await until(() => said.frames.length === last + 1, 'the last of its frames');
  // As long as another takes for two episodes.
  await playUntil([holdStill], 2);
  expect(said.frames.map(({ episodeId }) => episodeId)).toEqual(said.frames.map(() => FIRST_ID));
  expect(said.frames).toHaveLength(last + 1);
  stage.command({ kind: 'play', playing: true });
  await until(() => said.episodes.length > 1, 'the next episode');
  stage.close();
  await ended;
});
