import { beforeAll, describe, expect, it } from 'vitest';
import { decodeCheckpoint, encodeCheckpoint } from '../../../policies/checkpoint/index.ts';
import type { NetworkSpec, ObjectiveSpec } from '../../../policies/config/index.ts';
import { createCompiledEngine, type Engine, type Program } from '../../../policies/engine/index.ts';
import { createNetwork } from '../../../policies/networks/create.ts';
import { createObjective } from '../../../policies/training/objective.ts';
import { STATE } from '../../../policies/training/step.ts';
import {
  stateFrom,
  Trainer,
  type TrainerConfig,
  TrainingDivergedError,
  type TrainingState,
} from '../../../policies/training/trainer.ts';
import type { TrainingWindows } from '../../../policies/training/windows.ts';
import { ENGINES, relativeError } from '../../support/engines.ts';
import { keepingEngine } from '../../support/keeping-engine.ts';
import { MemoryStore } from '../../support/memory-store.ts';
import {
  LEARNERS,
  TINY_SHAPE,
  TINY_SPEC,
  TINY_TRAINING,
  tinyPolicy,
  tinyWindows,
} from '../../support/tiny-policy.ts';

interface Setup {
  readonly engine?: Engine;
  readonly objective?: ObjectiveSpec;
  readonly network?: NetworkSpec;
  readonly config?: Partial<TrainerConfig>;
  readonly windows?: TrainingWindows;
  readonly state?: TrainingState;
  readonly key?: string;
}

function createTrainer({
  engine,
  objective = { kind: 'flow' },
  network = TINY_SPEC.network,
  config,
  windows,
  state,
  key = JSON.stringify([objective, network, config?.batch]),
}: Setup = {}) {
  return Trainer.create({
    engine: engine ?? keepingEngine(),
    network: createNetwork({ network }, TINY_SHAPE),
    shape: TINY_SHAPE,
    objective: createObjective(objective),
    windows: windows ?? tinyWindows(),
    config: { ...TINY_TRAINING, ...config },
    ...(state ? { state } : {}),
    key,
  });
}

async function stepMany(trainer: Trainer, steps: number): Promise<number[]> {
  const losses: number[] = [];
  for (let i = 0; i < steps; i++) losses.push((await trainer.step()).loss);
  return losses;
}

const OTHERS = ENGINES.filter(([name]) => name !== 'compiled');

describe.each(LEARNERS)('a training step ($objective.kind, $network.kind)', (learner) => {
  let reference: { losses: number[]; state: TrainingState };
  beforeAll(async () => {
    const trainer = await createTrainer(learner);
    reference = { losses: await stepMany(trainer, 3), state: trainer.state() };
  });

  it.each(OTHERS)('is the same compiled and on the engine "%s"', async (_, createEngine) => {
    const trainer = await createTrainer({ engine: await createEngine(), ...learner });
    const losses = await stepMany(trainer, 3);
    expect(relativeError(losses.slice(0, 1), reference.losses.slice(0, 1))).toBeLessThan(1e-6);
    // Adam divides by the gradient's size: where that is rounding noise, so is the step.
    expect(relativeError(losses, reference.losses)).toBeLessThan(5e-5);
    const { vectors } = trainer.state();
    for (const name of STATE) {
      expect(relativeError(vectors[name], reference.state.vectors[name]), name).toBeLessThan(1e-3);
    }
  });
});

describe('a run', () => {
  it.each(LEARNERS.slice(0, 2))('learns with the network $network.kind', async (learner) => {
    const losses = await stepMany(await createTrainer({ ...learner, config: { steps: 300 } }), 300);
    const mean = (part: number[]) => part.reduce((sum, loss) => sum + loss) / part.length;
    expect(mean(losses.slice(-20))).toBeLessThan(mean(losses.slice(0, 5)) / 10);
  });

  it('goes the same way to the bit with a program that was kept as with one just made', async () => {
    const programs = new MemoryStore();
    const run = async () => {
      const engine = createCompiledEngine({ programs });
      const trainer = await createTrainer({ engine, key: 'a run' });
      await stepMany(trainer, 3);
      return trainer.state();
    };
    const made = await run();
    expect(programs.entries.size).toBe(1);
    expect(await run()).toEqual(made);
    expect(programs.entries.size).toBe(1);
  });

  it.each(ENGINES)(
    'gives the same bits for the same seed, others for another: %s',
    async (_, create) => {
      const run = async (seed: number) => {
        const trainer = await createTrainer({ engine: await create(), config: { seed } });
        await stepMany(trainer, 3);
        return trainer.state();
      };
      const first = await run(3);
      expect(await run(3)).toEqual(first);
      expect((await run(4)).vectors.weights).not.toEqual(first.vectors.weights);
    },
  );

  it('keeps a copy of its state apart from what it goes on with', async () => {
    const trainer = await createTrainer();
    await stepMany(trainer, 2);
    const state = trainer.state();
    const copy = structuredClone(state);
    await stepMany(trainer, 2);
    expect(state).toEqual(copy);
  });

  it('stops at a loss that is no number, and keeps the state before it', async () => {
    const windows = tinyWindows();
    windows.chunks.fill(Number.NaN, 0, 16);
    const trainer = await createTrainer({ windows, config: { batch: 20 } });
    const before = trainer.state();
    await expect(trainer.step()).rejects.toBeInstanceOf(TrainingDivergedError);
    await expect(trainer.step()).rejects.toThrow(
      /step 1: expected a finite loss.*first in the input actions \(NaN at \d+\)/,
    );
    expect(trainer.state()).toEqual(before);
  });

  it('names the parameter whose gradient outgrows the numbers', async () => {
    const trainer = await createTrainer();
    await stepMany(trainer, 1);
    const { step, vectors } = trainer.state();
    const { specs } = createNetwork(TINY_SPEC, TINY_SHAPE).table;
    const sizes = specs.map(({ shape }) => shape.reduce((product, extent) => product * extent, 1));
    const output = specs.findIndex(({ name }) => name === 'output.weight');
    // The answer is about 1e25: its square, the loss, is beyond the largest float.
    const begin = sizes.slice(0, output).reduce((sum, size) => sum + size, 0);
    vectors.weights.fill(1e25, begin, begin + sizes[output]);
    const diverging = await createTrainer({ state: { step, vectors } });
    await expect(diverging.step()).rejects.toThrow(
      /step 2: expected a finite loss and gradient, got Infinity.*first in the gradient of [\w.]+ \(/,
    );
    expect(diverging.state()).toEqual({ step, vectors });
  });
});

const COMPILED = async () => createCompiledEngine();

describe.each([
  ...OTHERS.map(([name, create]) => ({ name, create, learner: {} })),
  ...LEARNERS.map((learner) => ({ name: 'compiled', create: COMPILED, learner })),
])('a run on the engine "$name" ($learner)', ({ name, create, learner }) => {
  const STEPS = 7;
  let setup: Setup;
  let whole: { losses: number[]; state: TrainingState };
  beforeAll(async () => {
    const engine = await create();
    // Resumed runs share a program, made apart from that of the run that went through.
    setup = { engine: name === 'compiled' ? keepingEngine() : engine, ...learner };
    const trainer = await createTrainer({ ...setup, engine });
    whole = { losses: await stepMany(trainer, STEPS), state: trainer.state() };
  });

  // 20 windows in batches of 8: an epoch ends within step 3, step 5 ends one exactly.
  it.each([3, 5])('resumed from its file after step %d equals it bit for bit', async (at) => {
    const before = await createTrainer(setup);
    await stepMany(before, at);
    const policy = tinyPolicy(setup.objective, setup.network);
    const bytes = encodeCheckpoint({ policy, training: before.config, state: before.state() });
    const { state } = decodeCheckpoint(bytes);
    const after = await createTrainer({ ...setup, state });
    expect(after.steps).toBe(at);
    // The losses say that data, noise and times were the same as well.
    expect(await stepMany(after, STEPS - at)).toEqual(whole.losses.slice(at));
    expect(after.state()).toEqual(whole.state);
  });
});

describe('windows with a noise of their own', () => {
  it('are trained on with it, not with fresh noise', async () => {
    const windows = { ...tinyWindows(), noise: new Float32Array(20 * 16) };
    // Each window's chunk and noise begin with its number.
    for (let w = 0; w < 20; w++) {
      windows.chunks[w * 16] = w;
      windows.noise.fill(w, w * 16, (w + 1) * 16);
    }
    const seen: Parameters<Program['run']>[0][] = [];
    const engine: Engine = {
      ...createCompiledEngine(),
      compile: async () => ({
        outputShapes: {},
        dispose: async () => {},
        run: async (inputs) => {
          seen.push(structuredClone(inputs));
          return { loss: Float32Array.of(0), gradientNorm: Float32Array.of(0) };
        },
      }),
    };
    const trainer = await createTrainer({ engine, windows });
    for (let i = 0; i < 5; i++) await trainer.step();
    for (const { actions, noise } of seen) {
      expect([...noise]).toEqual(Array.from(noise, (_, i) => actions[i - (i % 16)]));
    }
    expect(new Set(seen.flatMap(({ actions }) => [...actions])).size).toBeGreaterThan(20);
  });
});

describe('a run from given weights', () => {
  it('starts with them, and with them as its average', async () => {
    const weights = (await createTrainer({ config: { seed: 9 } })).state().vectors.weights;
    const trainer = await createTrainer({ state: stateFrom(weights) });
    const { step, vectors } = trainer.state();
    expect(step).toBe(0);
    expect(vectors.weights).toEqual(weights);
    expect(vectors.ema).toEqual(weights);
    expect(vectors.moment1.every((value) => value === 0)).toBe(true);
  });
});

describe('the optimiser', () => {
  it('is AdamW with clipping, warm-up and EMA, as in a float64 model of one parameter', async () => {
    const config = { ...TINY_TRAINING, steps: 40 };
    const trainer = await createTrainer({ objective: { kind: 'regression' }, config });
    const index = 11;
    const value = (name: (typeof STATE)[number]) => trainer.state().vectors[name][index];
    for (let t = 1; t <= 6; t++) {
      const before = { w: value('weights'), m: value('moment1'), v: value('moment2') };
      const emaBefore = value('ema');
      const { learningRate } = await trainer.step();
      // The clipped gradient follows from the first moment, and must fit the second.
      const g = (value('moment1') - 0.9 * before.m) / 0.1;
      expect(value('moment2')).toBeCloseTo(0.999 * before.v + 0.001 * g * g, 9);
      const mHat = value('moment1') / (1 - 0.9 ** t);
      const vHat = value('moment2') / (1 - 0.999 ** t);
      const step = learningRate * (mHat / (Math.sqrt(vHat) + 1e-8) + 1e-2 * before.w);
      expect(value('weights')).toBeCloseTo(before.w - step, 6);
      const decay = Math.min(0.9, 1 - (1 + t) ** -0.75);
      expect(value('ema')).toBeCloseTo(decay * emaBefore + (1 - decay) * value('weights'), 6);
    }
  });

  it('shortens gradients beyond the limit and leaves others alone', async () => {
    const first = async (clipNorm: number) => {
      const trainer = await createTrainer({ config: { clipNorm } });
      const { gradientNorm } = await trainer.step();
      const moment = trainer.state().vectors.moment1;
      return { gradientNorm, used: Math.hypot(...moment) / 0.1 };
    };
    const free = await first(1e6);
    expect(free.used).toBeCloseTo(free.gradientNorm, 3);
    const clipped = await first(free.gradientNorm / 4);
    expect(clipped.gradientNorm).toBeCloseTo(free.gradientNorm, 3);
    expect(clipped.used).toBeCloseTo(free.gradientNorm / 4, 3);
  });
});
