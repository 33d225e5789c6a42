import { describe, expect, it } from 'vitest';
import { laneToBlame } from '../../../../client/features/watch/stage-error.ts';
import { FIRST_CHOICES } from '../../../../client/shared/lanes/lanes.ts';
import type { Lane, StageProblem } from '../../../../server/protocol/index.ts';

const problem = (change: Partial<StageProblem>): StageProblem => ({
  code: 'invalid-request',
  message: 'no',
  request: 1,
  lane: null,
  instruction: false,
  ...change,
});
const run: Lane = { policy: { kind: 'run', id: 'flow-1' } };

describe('the lane to blame', () => {
  it('is the one in its place among those that were asked for', () => {
    const blame = (lane: number) =>
      laneToBlame(problem({ lane }), ['2', '3'], FIRST_CHOICES, FIRST_CHOICES);
    expect([blame(0), blame(1), blame(2)]).toEqual(['2', '3', null]);
  });

  it('is the only one that has not been on the stage, where they do not go together', () => {
    const one = { ...FIRST_CHOICES, '3': run };
    const two = { ...one, '1': run };
    const blame = (wanted: typeof one) =>
      laneToBlame(problem({}), ['1', '2', '3'], wanted, FIRST_CHOICES);
    expect(blame(one)).toBe('3');
    expect(blame(two)).toBeNull();
    expect(blame(FIRST_CHOICES)).toBeNull();
  });

  it('is none where the stage broke down', () => {
    const wanted = { ...FIRST_CHOICES, '3': run };
    expect(
      laneToBlame(problem({ code: 'failed' }), ['1', '2', '3'], wanted, FIRST_CHOICES),
    ).toBeNull();
  });
});
