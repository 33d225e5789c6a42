import { setImmediate as rest } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Drawing, FromWorker } from '../../../../client/features/lesson/messages.ts';
import { TrainingLoop } from '../../../../client/features/lesson/training-loop.ts';
import { createEagerEngine } from '../../../../policies/engine/eager.ts';
import { FORK_TARGET, POINT_TARGET } from '../../../../policies/lesson/target.ts';
import { until } from '../../../support/until.ts';

const TOTAL = 6;
const DRAWING: Drawing = {
  count: 2,
  diffusion: { kind: 'ddim', steps: 2, eta: 0 },
  flow: { kind: 'euler', steps: 3 },
};
const SQUARE = { centre: [0, 0], half: 2 } as const;

async function open() {
  const said: FromWorker[] = [];
  const engine = await createEagerEngine('cpu');
  const loop = new TrainingLoop(
    engine,
    (message) => said.push(message),
    () => rest(),
    TOTAL,
  );
  const of = <K extends FromWorker['kind']>(kind: K) =>
    said.filter((message): message is Extract<FromWorker, { kind: K }> => message.kind === kind);
  const steps = (lesson: number) =>
    of('progress')
      .filter((message) => message.lesson === lesson)
      .flatMap((message) => message.steps);
  return { loop, said, of, steps };
}

describe('training beside the page', () => {
  it('reports every step once, and the last picture when it is done', async () => {
    const { loop, of, steps } = await open();
    loop.tell({ kind: 'draw', drawing: DRAWING });
    loop.tell({ kind: 'field', request: { progress: 0.5, square: SQUARE } });
    loop.tell({ kind: 'play', playing: true });
    loop.tell({ kind: 'begin', lesson: 1, target: FORK_TARGET, seed: 0 });
    await until(() => steps(1).length === TOTAL && of('measures').length >= 2, 'the last step');
    expect(steps(1).map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6]);
    for (const { losses } of steps(1)) {
      expect(losses.diffusion).toBeGreaterThan(0);
      expect(losses.flow).toBeGreaterThan(0);
    }
    const paths = of('paths').at(-1)?.paths;
    // Noise and one station a network call, two points, two coordinates.
    expect(paths?.diffusion.stations).toHaveLength(3 * 2 * 2);
    expect(paths?.flow.stations).toHaveLength(4 * 2 * 2);
    expect(of('field').at(-1)?.fields.flow.learnt).toHaveLength(2 * 13 * 13);
  });

  it('rests while it is told to, but draws otherwise when asked', async () => {
    const { loop, of, steps } = await open();
    loop.tell({ kind: 'draw', drawing: DRAWING });
    loop.tell({ kind: 'begin', lesson: 1, target: FORK_TARGET, seed: 0 });
    await until(() => of('measures').length === 1, 'the untrained picture');
    expect(steps(1)).toEqual([]);
    const before = of('paths').length;
    loop.tell({ kind: 'draw', drawing: { ...DRAWING, count: 5 } });
    await until(() => of('paths').length > before, 'another picture');
    expect(of('paths').at(-1)?.paths.flow.count).toBe(5);
    loop.tell({ kind: 'play', playing: true });
    await until(() => steps(1).length === TOTAL, 'the last step');
  });

  it('begins another lesson in the midst of one, and says no more of that', async () => {
    const { loop, said, steps } = await open();
    loop.tell({ kind: 'draw', drawing: DRAWING });
    loop.tell({ kind: 'play', playing: true });
    loop.tell({ kind: 'begin', lesson: 1, target: FORK_TARGET, seed: 0 });
    await until(() => said.length > 0, 'the first lesson to begin');
    loop.tell({ kind: 'begin', lesson: 2, target: POINT_TARGET, seed: 0 });
    await until(() => steps(2).length === TOTAL, 'the second lesson to end');
    const names = said.flatMap((message) => (message.kind === 'failed' ? [] : [message.lesson]));
    expect(names.lastIndexOf(1)).toBeLessThan(names.indexOf(2));
  });

  it('goes on with a lesson that was set aside, as if nothing had come between', async () => {
    const straight = await open();
    straight.loop.tell({ kind: 'play', playing: true });
    straight.loop.tell({ kind: 'begin', lesson: 1, target: FORK_TARGET, seed: 0 });
    await until(() => straight.steps(1).length === TOTAL, 'six steps in one go');

    const { loop, steps } = await open();
    loop.tell({ kind: 'play', playing: true });
    loop.tell({ kind: 'begin', lesson: 1, target: FORK_TARGET, seed: 0 });
    await until(() => steps(1).length >= 2, 'some steps');
    loop.tell({ kind: 'begin', lesson: 2, target: POINT_TARGET, seed: 1 });
    await until(() => steps(2).length >= 1, 'another lesson');
    loop.tell({ kind: 'back', lesson: 1, target: FORK_TARGET, seed: 0 });
    loop.tell({ kind: 'forget', lesson: 2 });
    await until(() => steps(1).length === TOTAL, 'the rest of the steps');
    expect(steps(1)).toEqual(straight.steps(1));
  });

  it('begins a lesson that it is to go back to where that never began', async () => {
    const { loop, steps } = await open();
    loop.tell({ kind: 'play', playing: true });
    loop.tell({ kind: 'begin', lesson: 1, target: FORK_TARGET, seed: 0 });
    loop.tell({ kind: 'begin', lesson: 2, target: POINT_TARGET, seed: 0 });
    loop.tell({ kind: 'back', lesson: 1, target: FORK_TARGET, seed: 0 });
    await until(() => steps(1).length === TOTAL, 'the first lesson');
    expect(steps(2)).toEqual([]);
  });

  it('says what goes wrong', async () => {
    const said: FromWorker[] = [];
    const broken = {
      name: 'broken',
      threads: 1,
      compile: async () => {
        throw new Error('expected an engine that works');
      },
    };
    const loop = new TrainingLoop(
      broken,
      (message) => said.push(message),
      () => rest(),
      TOTAL,
    );
    loop.tell({ kind: 'begin', lesson: 1, target: FORK_TARGET, seed: 0 });
    await until(() => said.length > 0, 'an answer');
    expect(said).toEqual([{ kind: 'failed', message: 'Error: expected an engine that works' }]);
  });
});
