import { describe, expect, it } from 'vitest';
import { SimError } from '../../../sim/errors.ts';
import { findTask, TASKS } from '../../../sim/tasks/index.ts';
import { modeNames } from '../../../sim/tasks/task.ts';

describe('findTask', () => {
  it('finds each task by its name', () => {
    for (const task of TASKS) expect(findTask(task.name)).toBe(task);
    expect(modeNames(findTask('left-right'))).toEqual(['left', 'right']);
  });

  it('lists the tasks there are when asked for another', () => {
    const find = () => findTask('left-rigth');
    expect(find).toThrow(SimError);
    expect(find).toThrow('left-rigth');
    for (const task of TASKS) expect(find).toThrow(task.name);
  });

  it('does not take an inherited property for a task', () => {
    for (const name of ['__proto__', 'constructor', ''])
      expect(() => findTask(name)).toThrow(SimError);
  });
});

describe('every task', () => {
  it.each(TASKS.map((task) => [task.name, task] as const))(
    '%s names what it measures',
    (_, task) => {
      const start = task.sampleInitialState(0);
      expect(start.objects).toHaveLength(task.objectNames.length);
      expect(task.scene.objects.map(({ name }) => name)).toEqual(task.objectNames);
      expect(task.environmentState([0, 0, 0], start.objects)).toHaveLength(
        task.environmentNames.length,
      );
      expect(new Set(TASKS.map(({ name }) => name)).size).toBe(TASKS.length);
    },
  );

  it.each(TASKS.map((task) => [task.name, task] as const))(
    '%s begins as its seed says, where it accepts a start',
    (_, task) => {
      for (let seed = 0; seed < 20; seed++) {
        const start = task.sampleInitialState(seed);
        expect(task.sampleInitialState(seed)).toEqual(start);
        expect(() => task.validateInitialState(start)).not.toThrow();
      }
      expect(task.sampleInitialState(1)).not.toEqual(task.sampleInitialState(0));
    },
  );

  it.each(TASKS.map(({ name, modes }) => [name, modes] as const))(
    '%s has modes that can be told apart by name and by colour',
    (_, modes) => {
      expect(new Set(modes.map(({ name }) => name)).size).toBe(modes.length);
      expect(new Set(modes.map(({ colour }) => colour)).size).toBe(modes.length);
    },
  );
});
