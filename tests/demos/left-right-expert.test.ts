import { describe, expect, it } from 'vitest';
import type { Demonstration } from '../../demos/demonstration.ts';
import { modeNames, startSeed } from '../../sim/index.ts';
import { demonstrateMode, task } from '../support/simulation.ts';

/** Demonstrations of one mode from the first `count` starts of a dataset. */
function demonstrations(mode: string, count: number, controlHz: 20 | 50): Demonstration[] {
  return Array.from({ length: count }, (_, i) =>
    demonstrateMode(mode, startSeed('demonstration', 1, i), { controlHz }),
  );
}

/** STARTS=100 tries more of them. */
const STARTS = Number(process.env.STARTS ?? 40);

describe.each(modeNames(task))('the expert that goes %s', (mode) => {
  it('succeeds from 98 % of the starts and never touches the post', () => {
    const all = demonstrations(mode, STARTS, 20);
    expect(all.filter(({ success }) => success).length).toBeGreaterThanOrEqual(0.98 * STARTS);
    expect(all.filter(({ contact }) => contact)).toHaveLength(0);
    expect(all.filter((demo) => demo.mode !== mode)).toHaveLength(0);
    for (const { length, controlHz } of all) {
      expect(length / controlHz).toBeLessThan(task.timeLimit);
    }
  });

  it('succeeds at 50 Hz as well', () => {
    for (const demo of demonstrations(mode, 10, 50)) {
      expect(demo).toMatchObject({ mode, success: true, contact: false, controlHz: 50 });
      expect(demo.length / 50).toBeLessThan(task.timeLimit);
    }
  });
});
