import { expect, it } from 'vitest';
import { pickRollouts } from '../../../server/experiments/contact-sheet.ts';
import { allRollouts, somePlan } from '../../support/experiments.ts';

const [ROLLOUT] = allRollouts(somePlan())[0];
/** Rollouts by their letters: l and r succeed left and right, x fails. */
function rollouts(letters: string) {
  return Array.from(letters, (letter, noise) => ({
    ...ROLLOUT,
    noise,
    success: letter.toLowerCase() !== 'x',
    mode: { l: 'left', r: 'right' }[letter.toLowerCase()] ?? null,
    // A capital is what came before once more.
    replayHash: String(letter === letter.toUpperCase() ? noise - 1 : noise),
  }));
}

function picked(groups: readonly (readonly string[])[], most: number): string[] {
  let next = 0;
  const named = groups.map((letters, i) => ({
    name: `group ${i}`,
    policy: `group ${i}`,
    members: letters.map(() => next++),
  }));
  return pickRollouts(named, groups.flat().map(rollouts), ['left', 'right'], most).map(
    ({ contender, rollout }) => `${contender}:${rollout.noise}`,
  );
}

it('failures come first, groups take turns, each with its worst contender first', () => {
  expect(picked([['lxlr', 'xxlr'], ['llxl']], 12).slice(0, 4)).toEqual([
    '1:0',
    '2:2',
    '0:1',
    '1:1',
  ]);
});

it('then come successes, of each group one each way of its best contender', () => {
  expect(picked([['lxlr', 'xxlr'], ['llxl']], 12).slice(4, 8)).toEqual([
    '0:0',
    '2:0',
    '0:3',
    '2:1',
  ]);
});

it('failures leave a third of the pictures to successes, and take all where there are none', () => {
  expect(picked([['xxxxxxxxlr']], 6)).toEqual(['0:0', '0:1', '0:2', '0:3', '0:8', '0:9']);
  expect(picked([['xxxxxxxx']], 6)).toHaveLength(6);
  expect(picked([['xxxxxxxxl']], 6)).toEqual(['0:0', '0:1', '0:2', '0:3', '0:4', '0:8']);
});

it('no rollout is picked twice, and none where none are asked for', () => {
  const all = picked([['lxrxl', 'rrrrr'], ['xxxxx']], 50);
  expect(new Set(all).size).toBe(all.length);
  expect(picked([['lx']], 0)).toEqual([]);
});

it('what is the same to the bit is picked once', () => {
  expect(picked([['xXlL', 'xlrR']], 12)).toEqual(['0:0', '1:0', '1:1', '1:2']);
});
