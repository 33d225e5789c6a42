import { beforeAll, describe, expect, it } from 'vitest';
import { encodePolicy } from '../../../policies/checkpoint/index.ts';
import { decodePainter, encodePainter } from '../../../policies/checkpoint/painter.ts';
import { type ObjectiveSpec, SpecError } from '../../../policies/config/index.ts';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import type { MethodName } from '../../../policies/methods/index.ts';
import { Painter, type PainterOptions } from '../../../policies/pictures/painter.ts';
import { PAINTING_METHODS, pictureSpec } from '../../../policies/pictures/presets.ts';
import { createPictureNetwork, type TrainedPainter } from '../../../policies/pictures/spec.ts';
import { trainPainter } from '../../../policies/pictures/train.ts';
import { Random } from '../../../policies/random.ts';
import { InstructionError } from '../../../policies/text/tokenizer.ts';
import { tinyPainter } from '../../support/tiny-painter.ts';
import { tinyPolicy } from '../../support/tiny-policy.ts';

/** A picture of one colour, in ±1. */
const flat = (...rgb: number[]) => Array.from({ length: 64 }, () => rgb).flat();
const RED = [0.8, -0.6, -0.6];
const BLUE = [-0.6, -0.6, 0.8];
const EXAMPLES = {
  pictures: Float32Array.from([...flat(...RED), ...flat(...BLUE)]),
  captions: ['red', 'blue'],
};
const CONFIG = {
  steps: 450,
  batch: 16,
  learningRate: 8e-3,
  warmupSteps: 20,
  weightDecay: 0,
  clipNorm: 1,
  emaDecay: 0.98,
  seed: 3,
};

/** A mean is soon learnt, and what is named as data; a diffusion of v learns its colours last of all. */
function stepsOf(objective: ObjectiveSpec): number {
  if (objective.kind === 'regression') return 150;
  if (objective.kind === 'flow') return 250;
  return objective.prediction === 'v' ? 1200 : 400;
}

type Kind = readonly [method: MethodName, objective: ObjectiveSpec, estimates?: 'data'];

async function train(...[method, objective, estimates]: Kind): Promise<TrainedPainter> {
  const spec = tinyPainter(objective, estimates && { estimates });
  const steps = stepsOf(objective);
  const config = { ...CONFIG, steps };
  const trainer = await trainPainter(createCompiledEngine(), spec, EXAMPLES, { config });
  try {
    while (trainer.steps < steps) await trainer.step();
    return { method, spec, weights: trainer.state().vectors.ema };
  } finally {
    await trainer.dispose();
  }
}

/** Mean red, green and blue of a picture drawn from each caption. */
async function coloursOf(painter: TrainedPainter, captions: string[], options?: PainterOptions) {
  const ready = await Painter.prepare(createCompiledEngine(), painter, captions.length, options);
  try {
    const streams = captions.map((_, i) => Random.of(5, i));
    const { chunk } = await ready.draw(captions, streams);
    return captions.map((_, i) =>
      [0, 1, 2].map((channel) => {
        const numbers = chunk
          .subarray(i * 192, (i + 1) * 192)
          .filter((_, place) => place % 3 === channel);
        return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
      }),
    );
  } finally {
    await ready.dispose();
  }
}

const away = (colour: number[], from: number[]) =>
  Math.max(...colour.map((each, i) => Math.abs(each - from[i])));

const KINDS: readonly { readonly kind: Kind }[] = [
  { kind: ['flow', { kind: 'flow' }] },
  { kind: ['flow', { kind: 'flow' }, 'data'] },
  { kind: ['diffusion', { kind: 'diffusion', steps: 100, prediction: 'v' }] },
  { kind: ['diffusion', { kind: 'diffusion', steps: 100, prediction: 'data' }] },
];

describe.each(KINDS)('a painter that learnt by $kind', ({ kind }) => {
  let painter: TrainedPainter;
  beforeAll(async () => {
    painter = await train(...kind);
  });

  it('draws what the caption asks for', async () => {
    const [red, blue] = await coloursOf(painter, ['red', 'blue']);
    expect(away(red, RED)).toBeLessThan(0.25);
    expect(away(blue, BLUE)).toBeLessThan(0.25);
  });

  it('draws one of both where nothing is asked for, and never what lies between', async () => {
    const captions = Array.from({ length: 12 }, () => '');
    const drawn = await coloursOf(painter, captions);
    const nearest = drawn.map((colour) =>
      away(colour, RED) < away(colour, BLUE) ? 'red' : 'blue',
    );
    expect(new Set(nearest)).toEqual(new Set(['red', 'blue']));
    const near = drawn.filter((colour) => Math.min(away(colour, RED), away(colour, BLUE)) < 0.35);
    expect(near.length).toBeGreaterThanOrEqual(10);
  });
});

describe('a painter that learnt by regression', () => {
  it('draws the mean of all that a caption leaves open', async () => {
    const painter = await train('l2', { kind: 'regression' });
    const [red, none] = await coloursOf(painter, ['red', '']);
    expect(away(red, RED)).toBeLessThan(0.15);
    expect(away(none, [0.1, -0.6, 0.1])).toBeLessThan(0.3);
  });
});

describe('a painter', () => {
  const spec = tinyPainter({ kind: 'flow' });
  const state = {
    step: 7,
    vectors: { weights: numbers(1), moment1: numbers(2), moment2: numbers(3), ema: numbers(4) },
  };
  const painter: TrainedPainter = { method: 'flow', spec, weights: state.vectors.ema };
  const checkpoint = { painter, training: CONFIG, step: 7, state, cats: 12, renew: 3 };
  const file = encodePainter(checkpoint);

  it('comes back from its file', () => {
    expect(decodePainter(file)).toEqual(checkpoint);
  });

  it('comes back alone, its weights rounded, from a file of an eighth', () => {
    const alone = encodePainter({ ...checkpoint, state: null });
    expect(alone.length).toBeLessThan(file.length / 7);
    const { painter: read, ...rest } = decodePainter(alone);
    expect(rest).toEqual({ training: CONFIG, step: 7, state: null, cats: 12, renew: 3 });
    read.weights.forEach((weight, i) => {
      const exact = painter.weights[i];
      expect(Math.abs(weight - exact)).toBeLessThanOrEqual(2 ** -8 * Math.abs(exact));
    });
    // What has been rounded is not rounded again.
    expect(encodePainter({ ...checkpoint, painter: read, state: null })).toEqual(alone);
  });

  it('of a damaged file is refused', () => {
    const damaged = file.slice();
    damaged[damaged.length - 5] ^= 1;
    expect(() => decodePainter(damaged)).toThrow(/sha-256/);
  });

  it("is told apart from a robot's policy", () => {
    const robot = encodePolicy(tinyPolicy({ kind: 'flow' }));
    expect(() => decodePainter(robot)).toThrow(/draws pictures.*got a robot's policy/);
  });

  it('is refused a caption longer than it reads, and guidance that is no scale', async () => {
    const engine = createCompiledEngine();
    const ready = await Painter.prepare(engine, painter, 1);
    try {
      const stream = Random.of(1);
      await expect(ready.draw(['red red red'], [stream])).rejects.toThrow(InstructionError);
      expect(await ready.unknownIn('red whiskers')).toEqual(['whiskers']);
    } finally {
      await ready.dispose();
    }
    for (const guidance of [Number.NaN, -1, 1e9]) {
      await expect(Painter.prepare(engine, painter, 1, { guidance })).rejects.toThrow(SpecError);
    }
  });

  it('names the data of a flow alone', () => {
    const diffusion = { kind: 'diffusion', steps: 10, prediction: 'v' } as const;
    expect(() => tinyPainter(diffusion, { estimates: 'data' })).toThrow(
      /expected none for diffusion/,
    );
  });

  it.each(PAINTING_METHODS)('is made for each size, by %s', (method) => {
    for (const size of [16, 32, 64]) {
      const { network } = pictureSpec({ method, size, vocabulary: ['cat'], words: 4 });
      expect(size / network.patch).toBe(16);
    }
    const choice = { method, size: 24, vocabulary: ['cat'], words: 4 };
    expect(() => pictureSpec(choice)).toThrow(/16, 32 or 64 pixels a side, got 24/);
  });

  it.each([
    // What a velocity holds fits through the finest level, or does not.
    { patch: 2, channels: [16, 32], estimates: 'velocity' },
    { patch: 2, channels: [8, 16], estimates: 'data' },
    { patch: 4, channels: [32, 64], estimates: 'data' },
    { patch: 4, channels: [48, 96], estimates: 'velocity' },
  ])('of patches of $patch in $channels names the $estimates', ({ patch, channels, estimates }) => {
    const choice = { method: 'flow', size: 32, vocabulary: ['cat'], words: 4 } as const;
    const { network, objective } = pictureSpec({ ...choice, patch, channels });
    expect(network.estimates).toBe(estimates);
    expect(objective).toEqual({ kind: 'flow', time: 'uniform' });
  });

  function numbers(seed: number): Float32Array {
    return Random.of(seed).fillNormal(new Float32Array(createPictureNetwork(spec).table.size));
  }
});
