import { describe, expect, it } from 'vitest';
import { decodePolicy, encodePolicy } from '../../../policies/checkpoint/index.ts';
import { createCompiledEngine, type Engine } from '../../../policies/engine/index.ts';
import { NetworkPolicy } from '../../../policies/network-policy.ts';
import { createNetwork, networkShape } from '../../../policies/networks/create.ts';
import { Random } from '../../../policies/random.ts';
import { createTextEncoder } from '../../../policies/text/index.ts';
import { createObjective } from '../../../policies/training/objective.ts';
import {
  Trainer,
  type TrainerConfig,
  type TrainingState,
} from '../../../policies/training/trainer.ts';
import type { TrainingWindows } from '../../../policies/training/windows.ts';
import { keepingEngine } from '../../support/keeping-engine.ts';
import { TINY_TRAINING } from '../../support/tiny-policy.ts';
import {
  TINY_CONDITION,
  TINY_READER_SHAPE,
  TINY_READER_SPEC,
  tinyReader,
} from '../../support/tiny-reader.ts';

const encoder = createTextEncoder(TINY_CONDITION.text);
const encode = async (text: string) => (await encoder.encode(text)).row;
const WORDS = ['red', 'green'];

/**
 * Everything looks the same; "red" asks for chunks that step from 0.5 to −0.5, "green" for their
 * mirror image. (What is constant over a chunk, group normalisation would take away.)
 */
async function windows(count = 16): Promise<TrainingWindows> {
  return {
    count,
    observations: new Float32Array(count * 6),
    chunks: Float32Array.from(
      { length: count * 16 },
      (_, i) => (i < 8 * count ? 0.5 : -0.5) * (i % 16 < 8 ? 1 : -1),
    ),
    text: {
      rows: await Promise.all(WORDS.map(encode)),
      of: Uint32Array.from({ length: count }, (_, i) => Number(i >= count / 2)),
      silence: await encode(''),
    },
  };
}

async function createTrainer(
  config: Partial<TrainerConfig> = {},
  {
    engine = keepingEngine(),
    dropRate = 0.25,
    state,
  }: { engine?: Engine; dropRate?: number; state?: TrainingState } = {},
) {
  const shape = {
    ...TINY_READER_SHAPE,
    condition: { ...TINY_CONDITION, text: { ...TINY_CONDITION.text, dropRate } },
  };
  return Trainer.create({
    engine,
    network: createNetwork(TINY_READER_SPEC, shape),
    shape,
    objective: createObjective({ kind: 'flow' }),
    windows: await windows(),
    config: { ...TINY_TRAINING, ...config },
    key: 'tiny reader',
    ...(state && { state }),
  });
}

/** Chunks drawn for each instruction. */
const DRAWS = 256;

describe('training on instructions', () => {
  it('teaches what words mean, and what to do without; a checkpoint keeps it', async () => {
    const trainer = await createTrainer({ steps: 600, batch: 16 });
    for (let i = 0; i < 600; i++) await trainer.step();
    const trained = { ...tinyReader(), weights: trainer.state().vectors.ema };
    const policy = decodePolicy(encodePolicy(trained));
    expect(policy).toEqual(trained);
    // The sign of the second component: its range of 0.08 m is centred on 0.04 m.
    const shares = async (text: string, guidance: number) => {
      const planner = await new NetworkPolicy(keepingEngine(), policy).prepare(DRAWS, {
        sampler: { kind: 'euler', steps: 4 },
        guidance,
      });
      const streams = Array.from({ length: DRAWS }, (_, i) => Random.of(i));
      const observation = new Float32Array(DRAWS * 6);
      const { chunk } = await planner.draw(observation, streams, {
        instructions: streams.map(() => text),
      });
      return streams.filter((_, i) => chunk[16 * i + 1] > 0.04).length / DRAWS;
    };
    expect(await shares('red', 1)).toBeGreaterThan(0.9);
    expect(await shares('green', 1)).toBeLessThan(0.1);
    for (const share of [await shares('', 1), await shares('red', 0)]) {
      // Both are drawn; 600 steps do not weigh them exactly (0.21 to 0.66 over five seeds).
      expect(share).toBeGreaterThan(0.05);
      expect(share).toBeLessThan(0.95);
    }
  });

  it('goes on from a state bit for bit', async () => {
    const whole = await createTrainer({}, { engine: createCompiledEngine() });
    for (let i = 0; i < 6; i++) await whole.step();
    const first = await createTrainer();
    for (let i = 0; i < 3; i++) await first.step();
    const second = await createTrainer({}, { state: first.state() });
    for (let i = 0; i < 3; i++) await second.step();
    expect(second.state()).toEqual(whole.state());
  });

  it.each([0, 0.25, 0.9])('silences a share of %d, from the run’s own seed', async (dropRate) => {
    const silence = await encode('');
    const rowsOf = async (seed: number) => {
      const rows: string[] = [];
      const trainer = await createTrainer({ batch: 100, seed }, { engine: spy(rows), dropRate });
      for (let i = 0; i < 10; i++) await trainer.step();
      return rows;
    };
    const rows = await rowsOf(3);
    const silent = rows.filter((row) => row === silence.join()).length;
    // Four standard deviations of a share of 1,000.
    const slack = 4 * Math.sqrt((dropRate * (1 - dropRate)) / 1000);
    expect(Math.abs(silent / 1000 - dropRate)).toBeLessThanOrEqual(slack);
    expect(await rowsOf(3)).toEqual(rows);
    expect(await rowsOf(4)).not.toEqual(rows);
  });
});

describe('a word that names one of two things', () => {
  /** Two things lie at ±1, one on either side; the chunk steps to the side of the named one. */
  const sideOf = (window: number) => (window % 2 === 0 ? 1 : -1);
  const wordOf = (window: number) => Math.floor(window / 2) % 2;
  const COUNT = 4;
  const observations = new Float32Array(COUNT * 6);
  const chunks = new Float32Array(COUNT * 16);
  for (let w = 0; w < COUNT; w++) {
    const side = sideOf(w);
    for (const step of [0, 1]) observations.set([0, side, -side], 6 * w + 3 * step);
    const goal = wordOf(w) === 0 ? side : -side;
    for (let i = 0; i < 16; i++) chunks[16 * w + i] = 0.5 * goal * (i < 8 ? 1 : -1);
  }

  it('is found by where that thing is: neither word nor place tells the way alone', async () => {
    const condition = {
      ...TINY_CONDITION,
      observed: ['state', 'red', 'green'].map((name) => ({ name, size: 1 })),
    };
    const spec = { ...TINY_READER_SPEC, condition };
    const shape = networkShape(spec, { observationDim: 3, actionDim: 2 });
    const trainer = await Trainer.create({
      engine: keepingEngine(),
      network: createNetwork(spec, shape),
      shape,
      objective: createObjective({ kind: 'flow', time: 'beta' }),
      windows: {
        count: COUNT,
        observations,
        chunks,
        text: {
          rows: await Promise.all(WORDS.map(encode)),
          of: Uint32Array.from({ length: COUNT }, (_, w) => wordOf(w)),
          silence: await encode(''),
        },
      },
      config: { ...TINY_TRAINING, steps: 400, batch: 32 },
    });
    for (let i = 0; i < 400; i++) await trainer.step();
    const { weights: _, ...untrained } = tinyReader({ kind: 'flow' }, condition);
    const policy = { ...untrained, weights: trainer.state().vectors.ema };
    const planner = await new NetworkPolicy(keepingEngine(), policy).prepare(DRAWS, {
      sampler: { kind: 'euler', steps: 4 },
    });
    const { min, max } = policy.observationRange;
    const seen = Float32Array.from({ length: DRAWS * 6 }, (_, i) => {
      const normalized = observations[i % observations.length];
      return min[i % 3] + ((normalized + 1) / 2) * (max[i % 3] - min[i % 3]);
    });
    const streams = Array.from({ length: DRAWS }, (_, i) => Random.of(i));
    const { chunk: drawn } = await planner.draw(seen, streams, {
      instructions: streams.map((_, i) => WORDS[wordOf(i % COUNT)]),
    });
    const right = streams.filter(
      (_, i) => drawn[16 * i + 1] > 0.04 === chunks[16 * (i % COUNT)] > 0,
    ).length;
    expect(right / DRAWS).toBeGreaterThan(0.9);
  });
});

/** An engine that computes nothing but notes the texts of every step. */
function spy(rows: string[]): Engine {
  return {
    name: 'spy',
    threads: 1,
    compile: async () => ({
      outputShapes: {},
      run: async ({ text }, outputs = {}) => {
        for (let i = 0; i < text.length; i += 6) rows.push(text.subarray(i, i + 6).join());
        return { ...outputs, loss: Float32Array.of(0), gradientNorm: Float32Array.of(0) };
      },
      dispose: async () => {},
    }),
  };
}

describe('the U-Net of a policy that reads', () => {
  it('has the parameters of one that does not, and more', () => {
    const { spec } = tinyReader();
    const { condition: _, ...plain } = spec;
    const dims = { observationDim: 3, actionDim: 2 };
    const names = (from: typeof plain) =>
      createNetwork(from, networkShape(from, dims)).table.specs.map(({ name }) => name);
    expect(names(spec)).toEqual(expect.arrayContaining(names(plain)));
    expect(names(plain).filter((name) => /text|attention/.test(name))).toEqual([]);
  });
});
