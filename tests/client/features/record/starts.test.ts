import { describe, expect, it } from 'vitest';
import {
  type Behaviour,
  behavioursOf,
  StartPlan,
} from '../../../../client/features/record/starts.ts';
import { findTask } from '../../../../sim/index.ts';

const SIDES = behavioursOf(findTask('left-right'));
const [LEFT, RIGHT] = SIDES;
const TOLD = behavioursOf(findTask('left-right-colour'));

describe('the plan of starts', () => {
  it('offers every start twice, once for either side', () => {
    const plan = new StartPlan(SIDES);
    expect([plan.index, plan.suggested.mode, plan.again]).toEqual([0, 'left', false]);
    plan.saved(LEFT);
    expect([plan.index, plan.suggested.mode, plan.again]).toEqual([0, 'right', true]);
    plan.saved(RIGHT);
    expect([plan.index, plan.again]).toEqual([1, false]);
  });

  it('suggests the other side than the one that was taken', () => {
    const plan = new StartPlan(SIDES);
    plan.saved(RIGHT);
    expect(plan.suggested.mode).toBe('left');
  });

  it('goes on after a demonstration that took no side, and on demand', () => {
    const plan = new StartPlan(SIDES);
    plan.saved(null);
    expect([plan.index, plan.again]).toEqual([1, false]);
    plan.saved(LEFT);
    plan.skip();
    expect([plan.index, plan.again]).toEqual([2, false]);
  });

  it('asks from each start for both balls round both sides, where there is a choice', () => {
    const plan = new StartPlan(TOLD);
    const asked: Behaviour[] = [];
    for (let i = 0; i < 8; i++) {
      expect(plan.index).toBe(Math.floor(i / 4));
      asked.push(plan.suggested);
      plan.saved(plan.suggested);
    }
    const keys = asked.map(({ object, mode }) => `${object} ${mode}`);
    const all = ['green left', 'green right', 'red left', 'red right'];
    expect(keys.slice(0, 4).sort()).toEqual(all);
    expect(keys.slice(4).sort()).toEqual(all);
  });

  it('goes back to where it was', () => {
    const plan = new StartPlan(SIDES);
    plan.saved(LEFT);
    const { mark } = plan;
    plan.skip();
    plan.saved(RIGHT);
    plan.rewind(mark);
    expect([plan.index, plan.suggested.mode, plan.again]).toEqual([0, 'right', true]);
  });
});
