import { describe, expect, it } from 'vitest';
import { createNetwork } from '../../../policies/networks/create.ts';
import { Random } from '../../../policies/random.ts';
import { createObjective } from '../../../policies/training/objective.ts';
import { Trainer, type TrainingState } from '../../../policies/training/trainer.ts';
import { type RenewedWindows, WindowSets } from '../../../policies/training/window-sets.ts';
import type { TrainingWindows } from '../../../policies/training/windows.ts';
import { keepingEngine } from '../../support/keeping-engine.ts';
import { TINY_SHAPE, TINY_SPEC, TINY_TRAINING } from '../../support/tiny-policy.ts';

const COUNT = 6;

/** Windows of random numbers, others in each set. */
function windowsOf(set: number): TrainingWindows {
  const { horizon, actionDim, observationDim } = TINY_SHAPE;
  const random = Random.of(9, set);
  const filled = (size: number) => random.fillNormal(new Float32Array(COUNT * size));
  return {
    count: COUNT,
    observations: filled(observationDim),
    chunks: filled(horizon * actionDim),
  };
}

function renewed(epochs: number): RenewedWindows & { readonly made: number[] } {
  const made: number[] = [];
  return {
    count: COUNT,
    epochs,
    made,
    async set(n) {
      made.push(n);
      return windowsOf(n);
    },
  };
}

describe('sets of windows', () => {
  it('follow one another once all windows have been seen so often, each made once', async () => {
    const windows = renewed(2);
    const sets = new WindowSets(windows);
    const shown: TrainingWindows[] = [];
    for (let place = 0; place < 5 * COUNT; place++) shown.push(await sets.at(place));
    expect(windows.made).toEqual([0, 1, 2]);
    const changes = shown.flatMap((each, i) => (i > 0 && each !== shown[i - 1] ? [i] : []));
    expect(changes).toEqual([2 * COUNT, 4 * COUNT]);
  });

  it('are one set for ever where none is to follow', async () => {
    const windows = windowsOf(0);
    const sets = new WindowSets(windows);
    expect(await sets.at(0)).toBe(windows);
    expect(await sets.at(10 ** 9)).toBe(windows);
  });
});

describe('a training on sets of windows', () => {
  const create = (windows: TrainingWindows | RenewedWindows, state?: TrainingState) =>
    Trainer.create({
      engine: keepingEngine(),
      network: createNetwork({ network: TINY_SPEC.network }, TINY_SHAPE),
      shape: TINY_SHAPE,
      objective: createObjective({ kind: 'flow' }),
      windows,
      config: { ...TINY_TRAINING, batch: 4 },
      ...(state && { state }),
      key: 'a training on sets of windows',
    });
  const run = async (trainer: Trainer, steps: number) => {
    for (let i = 0; i < steps; i++) await trainer.step();
    return trainer.state();
  };

  it('goes as on the first of them until the next one comes, and then another way', async () => {
    const [one, many] = [await create(windowsOf(0)), await create(renewed(2))];
    // Twelve windows: three steps of four.
    expect(await run(many, 3)).toEqual(await run(one, 3));
    expect(await run(many, 1)).not.toEqual(await run(one, 1));
  });

  it('that is resumed equals one that was not stopped, and makes no set that is behind it', async () => {
    const whole = await run(await create(renewed(1)), 7);
    const half = await run(await create(renewed(1)), 4);
    const windows = renewed(1);
    expect(await run(await create(windows, half), 3)).toEqual(whole);
    // Step 5 begins with the 17th window, in the third set.
    expect(windows.made).toEqual([2, 3, 4]);
  });
});
