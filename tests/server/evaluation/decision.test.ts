import { describe, expect, it } from 'vitest';
import { decidingPlan, plansToDecision } from '../../../server/evaluation/decision.ts';

describe('the plan that decides', () => {
  it.each<[string, string | null, (string | null)[], number | null]>([
    ['is the first where all agree', 'left', ['left', 'left', null], 1],
    ['is that of the last change of mind', 'left', ['left', 'right', 'left', 'left'], 3],
    ['is not one that ends before the obstacle', 'right', [null, null, 'right', null], 3],
    ['is not one into the post', 'right', ['invalid', 'right'], 2],
    ['is none where the last plan that shows a way shows another', 'left', ['left', 'right'], null],
    ['is none where no way was taken', null, ['left'], null],
    ['is none where no plan shows one', 'left', [null], null],
  ])('%s', (_, mode, plans, number) => {
    expect(decidingPlan({ mode, plans })).toBe(number);
  });

  it('is told as the mean of the rollouts that have one', () => {
    const rollouts = [
      { mode: 'left', plans: ['left'] },
      { mode: 'left', plans: ['right', 'left'] },
      { mode: null, plans: ['invalid'] },
    ];
    expect(plansToDecision(rollouts)).toBe(1.5);
    expect(plansToDecision(rollouts.slice(2))).toBeNull();
  });
});
