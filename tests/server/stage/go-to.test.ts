import { expect, it } from 'vitest';
import type { LaneCounts } from '../../../server/protocol/index.ts';
import { FIRST_ID, holdStill, openStage, playUntil } from '../../support/stages.ts';

const COUNTS: LaneCounts = {
  episodes: 5,
  successes: 3,
  contacts: 1,
  obeyed: 3,
  modes: { left: 2, right: 1 },
};

it('a stage that others are ahead of goes on where they are, to the bits of one that began there', async () => {
  const { said, ended } = await openStage([holdStill], ({ episodes, frames }, stage) => {
    if (frames.length === 3) stage.goTo({ episode: 5, counts: [COUNTS] });
    if (episodes.at(-1)?.episode === 6) stage.close();
  });
  await ended;
  expect(said.episodes.map(({ episode }) => episode)).toEqual([0, 5, 6]);
  expect(said.episodes[1].counts).toEqual([COUNTS]);
  expect(said.episodes[2].counts).toEqual([{ ...COUNTS, episodes: 6 }]);
  const direct = await playUntil([holdStill], 6, { episode: 5 });
  const shown = (of: typeof said, id: number) =>
    of.frames
      .filter(({ episodeId }) => episodeId === id)
      .map(({ step, lanes }) => ({ step, lanes }));
  expect(shown(said, FIRST_ID + 1).length).toBeGreaterThan(20);
  expect(shown(said, FIRST_ID + 1)).toEqual(shown(direct, FIRST_ID));
});

it('a stage that is where others are stays there', async () => {
  const { said, ended } = await openStage([holdStill], ({ episodes, frames }, stage) => {
    const { episode } = episodes[episodes.length - 1];
    if (frames.length % 30 === 0) stage.goTo({ episode, counts: [COUNTS] });
    if (episode === 2) stage.close();
  });
  await ended;
  expect(said.episodes.map(({ episode }) => episode)).toEqual([0, 1, 2]);
  expect(said.episodes[2].counts).toMatchObject([{ episodes: 2, successes: 0 }]);
});
