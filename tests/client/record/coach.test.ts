import { describe, expect, it } from 'vitest';
import { coach } from '../../../client/record/coach.ts';
import { StartPlan } from '../../../client/record/starts.ts';

const ball = [0.68, 0, 0.03] as const;
const start = {
  tcp: [0.34, 0, 0.14] as const,
  ball,
  opening: 0.08,
  closing: false,
  success: false,
  spoiled: false,
};

describe('the coach', () => {
  it('leads from the start to the end', () => {
    expect(coach(start)).toBe('around');
    expect(coach({ ...start, tcp: [0.6, 0.2, 0.12] })).toBe('above');
    expect(coach({ ...start, tcp: [0.68, 0.005, 0.12] })).toBe('lower');
    const grasping = { ...start, tcp: [0.68, 0, 0.032] as const };
    expect(coach(grasping)).toBe('close');
    expect(coach({ ...grasping, closing: true, opening: 0.07 })).toBe('close');
    expect(coach({ ...grasping, closing: true, opening: 0.06 })).toBe('lift');
    expect(coach({ ...start, success: true })).toBe('done');
  });

  it('says so when nothing can be won any more', () => {
    expect(coach({ ...start, spoiled: true })).toBe('spoiled');
  });
});

describe('the plan of starts', () => {
  it('offers every start twice, once for either side', () => {
    const plan = new StartPlan();
    expect([plan.index, plan.suggested, plan.second]).toEqual([0, 'left', false]);
    plan.saved('left');
    expect([plan.index, plan.suggested, plan.second]).toEqual([0, 'right', true]);
    plan.saved('right');
    expect([plan.index, plan.second]).toEqual([1, false]);
  });

  it('suggests the other side than the one that was taken', () => {
    const plan = new StartPlan();
    plan.saved('right');
    expect(plan.suggested).toBe('left');
  });

  it('goes on after a demonstration that took no side, and on demand', () => {
    const plan = new StartPlan();
    plan.saved(null);
    expect([plan.index, plan.second]).toEqual([1, false]);
    plan.saved('left');
    plan.skip();
    expect([plan.index, plan.second]).toEqual([2, false]);
  });
});
