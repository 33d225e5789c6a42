import { expect, it } from 'vitest';
import { Random } from '../../../policies/random.ts';
import { rolloutGrid } from '../../../server/evaluation/evaluate.ts';
import { pairUp } from '../../../server/evaluation/pairs.ts';
import { shardsOf } from '../../../server/experiments/shard.ts';
import { stoppingOf } from '../../../server/experiments/stopping.ts';
import { somePlan, someResult } from '../../support/experiments.ts';

const [{ description }] = shardsOf(somePlan());
const [rollout] = someResult(description).rollouts;
const [contender] = somePlan().contenders;

/** Rollouts over a grid of which `succeeds` says how each ended. */
function recorded(rollouts: number, starts: number, succeeds: (start: number) => boolean) {
  const each = rolloutGrid(rollouts, starts).map(({ start, noise }) => {
    return { ...rollout, start, noise, success: succeeds(start) };
  });
  return { contender, rollouts: each };
}

const always = () => true;
const never = () => false;

it('six unanimous starts decide a pair, and twins end once nothing is to be expected', () => {
  const plan = { rollouts: 400, starts: 400 };
  const contenders = [never, always, always].map((each) => recorded(400, 400, each));
  const told = stoppingOf(plan, { contenders }, null);
  expect(told?.pairs).toEqual([
    { verdict: 'worse', rollouts: 6 },
    { verdict: 'worse', rollouts: 6 },
    { verdict: 'open', rollouts: expect.toSatisfy((taken) => taken > 50 && taken < 200) },
  ]);
  expect(told).toMatchObject({ open: 1 });
  // Of three pairs together each has to show more: the first contender ends at the look after.
  const [first, ...twins] = told?.together.rollouts ?? [];
  expect(first).toBeLessThan(20);
  expect(twins[0]).toBe(twins[1]);
  expect(twins[0]).toBeGreaterThan(first);
  // What is alike may be found to be.
  const within = stoppingOf(plan, { contenders }, 0.1);
  expect(within?.pairs[2]).toMatchObject({ verdict: 'same' });
  expect(within?.share).toBeLessThan(0.2);
});

it('a start counts once, with all its rollouts', () => {
  const contenders = [never, always].map((each) => recorded(100, 10, each));
  expect(stoppingOf({ rollouts: 100, starts: 10 }, { contenders }, null)).toMatchObject({
    pairs: [{ verdict: 'worse', rollouts: 60 }],
    together: { rollouts: [60, 60], share: 0.6 },
  });
});

it('a pair alone is judged as by a comparison of the two that stops there', () => {
  const random = Random.of(3);
  const contenders = [0.6, 0.8].map((rate) => recorded(200, 200, () => random.uniform() < rate));
  const [{ verdict, rollouts: taken }] =
    stoppingOf({ rollouts: 200, starts: 200 }, { contenders }, null)?.pairs ?? [];
  const stopped = contenders.map(({ rollouts }) => rollouts.slice(0, taken));
  const [{ judged }] = pairUp(['one', 'other'], stopped, { looks: [taken], within: null });
  expect(judged).toMatchObject({ verdict, pairs: taken });
  expect(taken).toBeLessThan(200);
});

it('nothing is told of one, or of a crowd', () => {
  const plan = { rollouts: 6, starts: 6 };
  const crowd = Array.from({ length: 21 }, () => recorded(6, 6, always));
  expect(stoppingOf(plan, { contenders: crowd.slice(0, 1) }, null)).toBeNull();
  expect(stoppingOf(plan, { contenders: crowd }, null)).toBeNull();
});
