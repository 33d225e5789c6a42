import { describe, expect, it } from 'vitest';
import {
  ExecutedCurves,
  plannedCurves,
} from '../../../../../client/features/watch/curves/curve-data.ts';
import { Track } from '../../../../../client/features/watch/playback/track.ts';
import { positionOf, referenceChain } from '../../../../support/reference-kinematics.ts';
import { episodeInfo, fanAt, frameAt } from '../playback/support.ts';

function trackOf(steps: number): Track {
  const track = new Track(episodeInfo(), ['1', '3']);
  for (let step = 0; step <= steps; step++) track.addFrame(frameAt(step));
  return track;
}

describe('what was done', () => {
  it('grows with the frames of its view, the hand being where the joints put it', () => {
    const track = trackOf(2);
    const curves = new ExecutedCurves();
    curves.update(track, '3');
    track.addFrame(frameAt(3));
    curves.update(track, '3');
    expect(curves.joints[6]).toEqual({ steps: [0, 1, 2, 3], values: [100, 101, 102, 103] });
    expect(curves.opening.values[2]).toBeCloseTo(0.02);
    const chain = referenceChain(new Array(7).fill(103));
    const [x, y, z] = positionOf(chain[chain.length - 1]);
    const hand = curves.hand.map(({ values }) => values[3]);
    [x, y, z].forEach((value, i) => {
      expect(hand[i]).toBeCloseTo(value, 6);
    });
  });

  it('is of one view and episode alone', () => {
    const curves = new ExecutedCurves();
    curves.update(trackOf(5), '3');
    curves.update(trackOf(1), '1');
    expect(curves.joints[0]).toEqual({ steps: [0, 1], values: [0, 1] });
  });
});

it('what was planned is where the plan that was acted on would have the arm, a step after each row', () => {
  const track = trackOf(0);
  const fan = fanAt(1, 8, ['right', 'left']);
  fan.paths[0].points.set([1, 2, 3, 4, 5, 6]);
  fan.chunk.set([10, 11, 12, 13, 14, 15, 16, 17, 20, 21, 22, 23, 24, 25, 26, 27]);
  track.addFan(fan);
  expect(plannedCurves(track, '1')).toEqual([]);
  expect(plannedCurves(track, '3')).toEqual([
    {
      mode: 1,
      hand: [
        { steps: [9, 10], values: [1, 4] },
        { steps: [9, 10], values: [2, 5] },
        { steps: [9, 10], values: [3, 6] },
      ],
      joints: Array.from({ length: 7 }, (_, i) => ({ steps: [9, 10], values: [10 + i, 20 + i] })),
      opening: { steps: [9, 10], values: [17, 27] },
    },
  ]);
});
