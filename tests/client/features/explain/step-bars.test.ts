import { describe, expect, it } from 'vitest';
import { pictureOf } from '../../../../client/features/explain/step-bars.ts';
import { ChunkSchedule } from '../../../../server/protocol/chunk-schedule.ts';

const AT = { last: 70, controlHz: 20 };

describe('the picture of an episode', () => {
  it('has a bar for each plan, whose deadline is half its height', () => {
    const fans = [
      { step: 0, milliseconds: 25 },
      { step: 20, milliseconds: 50 },
      { step: 40, milliseconds: 51 },
      { step: 60, milliseconds: 551 },
    ];
    const { bars, deadline, waits, steps } = pictureOf(fans, {}, AT);
    expect(bars).toEqual([
      { step: 0, milliseconds: 25, share: 0.25, cut: false, late: false },
      { step: 20, milliseconds: 50, share: 0.5, cut: false, late: false },
      { step: 40, milliseconds: 51, share: 0.51, cut: false, late: true },
      { step: 60, milliseconds: 551, share: 1, cut: true, late: true },
    ]);
    expect(deadline).toBe(0.5);
    expect(waits).toEqual([]);
    expect(steps).toBe(80);
    expect(pictureOf(fans, {}, { last: 120, controlHz: 20 }).steps).toBe(121);
  });

  it.each(['synchronous', 'asynchronous', 'ensembling', 'real-time'] as const)(
    'says where an arm waits as the schedule has it: %s',
    (scheme) => {
      const chunking = { scheme, delay: 4 };
      const schedule = new ChunkSchedule(chunking, { actionHorizon: 8, predHorizon: 32 });
      const steps = Array.from({ length: AT.last }, (_, t) => t);
      const asked = steps.map((k) => schedule.askedAt(k)).filter((step) => step < AT.last);
      const fans = asked.map((step) => ({ step, milliseconds: 1 }));
      const { waits } = pictureOf(fans, { chunking }, AT);
      const waited = steps.filter((t) => waits.some(([from, to]) => from <= t && t < to));
      expect(waited).toEqual(steps.filter((t) => schedule.waitsAt(t)));
    },
  );
});
