import { describe, expect, it } from 'vitest';
import { demonstrate, handAt } from '../../demos/demonstrate.ts';
import type { Demonstration } from '../../demos/demonstration.ts';
import { findExpert } from '../../demos/experts/index.ts';
import { startSeed, TASKS, type Vec3 } from '../../sim/index.ts';
import { rapier, rowOf } from '../support/simulation.ts';

/** Every way of every task that a script can demonstrate. */
const WAYS = TASKS.flatMap((task) => {
  const expert = findExpert(task.name);
  return expert ? task.modes.map(({ name }) => ({ task, expert, name, of: task.name })) : [];
});

function pathOf({ state, length }: Demonstration): Vec3[] {
  return Array.from({ length }, (_, t) => {
    const row = rowOf(state, t);
    return handAt(Float64Array.from(row.subarray(0, 7)), row[7]).position;
  });
}

describe.each(WAYS)('the expert of $of that goes $name', ({ task, expert, name }) => {
  it('goes that way by the judgement of the task, in time, and by the path it took', () => {
    const demo = demonstrate(rapier, task, expert, name, {
      controlHz: 20,
      startSeed: startSeed('demonstration', 1, 0),
      expertSeed: 0,
    });
    expect(demo).toMatchObject({ mode: name, success: true, contact: false });
    expect(demo.length / demo.controlHz).toBeLessThan(task.timeLimit);
    expect(task.classifyPath(pathOf(demo))).toBe(name);
  });
});
