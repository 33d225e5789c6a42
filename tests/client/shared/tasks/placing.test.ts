import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { areApart, boundsOf, nearestPlace } from '../../../../client/shared/tasks/placing.ts';
import { STAGE_TASKS, taskOf } from '../../../../client/shared/tasks/stage-tasks.ts';

const anywhere = fc.tuple(
  fc.double({ min: -1, max: 2, noNaN: true }),
  fc.double({ min: -1, max: 1, noNaN: true }),
);

describe.each(STAGE_TASKS)('a place of an object of %s', (name) => {
  const task = taskOf(name);
  const { placing, objectNames } = task;
  const start = task.sampleInitialState(1);

  it('is one that the task takes, rounded to f32 as it will be, wherever it is wanted', () => {
    fc.assert(
      fc.property(fc.array(anywhere, { minLength: 2, maxLength: 2 }), (wanted) => {
        const places: (readonly [number, number])[] = [];
        for (const [x, y] of wanted.slice(0, objectNames.length)) {
          places.push(nearestPlace(placing, x, y, places));
        }
        const objects = places.map(
          ([x, y], i) => [Math.fround(x), Math.fround(y), start.objects[i][2]] as const,
        );
        expect(() => task.validateInitialState({ ...start, objects })).not.toThrow();
      }),
    );
  });

  it('stays where it is when it is wanted there', () => {
    fc.assert(
      fc.property(anywhere, ([x, y]) => {
        const place = nearestPlace(placing, x, y);
        expect(nearestPlace(placing, ...place)).toEqual(place);
      }),
    );
  });

  it('at the edge of its bounds is taken', () => {
    const { x, y } = boundsOf(placing);
    for (const px of x) {
      for (const py of y) expect(nearestPlace(placing, px, py)).toEqual([px, py]);
    }
  });
});

describe('a place beside another ball', () => {
  const { placing } = taskOf('left-right-colour');

  it('is as near to the one that was wanted as the hand allows', () => {
    const place = nearestPlace(placing, 0.67, 0.03, [[0.67, 0]]);
    expect(areApart(placing, place, [0.67, 0])).toBe(true);
    // No place that is allowed is nearer than straight on, away from the other; to the millimetre.
    const straight = placing.apart - 0.03;
    const moved = Math.hypot(place[0] - 0.67, place[1] - 0.03);
    expect(moved).toBeGreaterThan(straight - 1e-9);
    expect(moved).toBeLessThan(straight + 0.002);
  });
});
