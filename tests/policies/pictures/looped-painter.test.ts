import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ObjectiveSpec, SamplerSpec } from '../../../policies/config/index.ts';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { finestSide, gazeOf } from '../../../policies/pictures/gaze.ts';
import { LoopedPainter } from '../../../policies/pictures/looped-painter.ts';
import { Painter } from '../../../policies/pictures/painter.ts';
import { createPictureNetwork, type TrainedPainter } from '../../../policies/pictures/spec.ts';
import { Random } from '../../../policies/random.ts';
import { tinyPainter } from '../../support/tiny-painter.ts';

const engine = createCompiledEngine();

/** Weights that no training has made: what is held here is arithmetic. */
function untrained(objective: ObjectiveSpec): TrainedPainter {
  const spec = tinyPainter(objective);
  const { size } = createPictureNetwork(spec).table;
  const weights = Random.of(9).fillNormal(new Float32Array(size));
  return { method: 'flow', spec, weights: weights.map((each) => 0.2 * each) };
}

const stream = (row: number) => Random.of(4, row);
const furthest = (a: Float32Array, b: Float32Array) =>
  Math.max(...a.map((each, i) => Math.abs(each - b[i])));

const KINDS: readonly (readonly [ObjectiveSpec, SamplerSpec])[] = [
  [{ kind: 'flow' }, { kind: 'euler', steps: 3 }],
  [{ kind: 'flow' }, { kind: 'heun', steps: 2 }],
  [{ kind: 'flow' }, { kind: 'renoise', steps: 3 }],
  [
    { kind: 'diffusion', steps: 50, prediction: 'v' },
    { kind: 'ddim', steps: 4, eta: 0.5 },
  ],
  [
    { kind: 'diffusion', steps: 50, prediction: 'epsilon' },
    { kind: 'dpm-solver++', steps: 4 },
  ],
  [{ kind: 'regression' }, { kind: 'direct' }],
];

describe.each(KINDS)('a looped painter of %j, by %j', (objective, sampler) => {
  const painter = untrained(objective);
  let looped: LoopedPainter;
  beforeAll(async () => {
    looped = await LoopedPainter.prepare(engine, painter, 2);
  });
  afterAll(() => looped.dispose());

  // What is plain and what ignores the caption is the same for all of them.
  const scales = objective.kind === 'flow' && sampler.kind === 'euler' ? [0, 1, 3] : [3];
  it.each(scales)('draws what the painter of w = %d draws, from one program', async (w) => {
    const ready = await Painter.prepare(engine, painter, 2, { sampler, guidance: w, states: true });
    try {
      const expected = await ready.draw(['red', 'blue'], [stream(0), stream(1)]);
      const rows = ['red', 'blue'].map((text) => [{ text, weight: w }]);
      const got = await looped.draw(rows, [stream(0), stream(1)], { sampler, keep: true });
      expect(furthest(got.pictures, expected.chunk)).toBeLessThan(2e-4);
      expect(got.states.map(({ time }) => time)).toEqual(expected.states.map(({ time }) => time));
      got.states.forEach(({ noised }, i) => {
        expect(furthest(noised, expected.states[i].x)).toBeLessThan(2e-4);
      });
    } finally {
      await ready.dispose();
    }
  });
});

describe('a looped painter', () => {
  const painter = untrained({ kind: 'flow' });
  const sampler: SamplerSpec = { kind: 'euler', steps: 3 };
  let looped: LoopedPainter;
  beforeAll(async () => {
    looped = await LoopedPainter.prepare(engine, painter, 2);
  });
  afterAll(() => looped.dispose());
  const streams = () => [stream(0), stream(0)];
  const draw = async (...rows: Parameters<LoopedPainter['draw']>[0]) =>
    looped.draw(rows, streams(), { sampler, keep: true });

  it('estimates along a flow what straight steps end in', async () => {
    const { pictures, states } = await draw([{ text: 'red', weight: 1 }]);
    // Euler's last step goes all the way along the last velocity.
    expect(furthest(states[2].estimate, pictures)).toBeLessThan(1e-5);
    expect(furthest(states[0].estimate, pictures)).toBeGreaterThan(1e-3);
  });

  it('estimates pictures that are in their range, by any sampler, however much guidance exaggerates', async () => {
    for (const kind of ['euler', 'renoise'] as const) {
      const { pictures, states } = await looped.draw([[{ text: 'red', weight: 30 }]], streams(), {
        sampler: { kind, steps: 3 },
        keep: true,
      });
      const all = [...states.map(({ estimate }) => estimate), pictures];
      for (const each of all) expect(Math.max(...each.map(Math.abs))).toBeLessThan(1 + 1e-6);
      // The last estimate is the picture; some of it was held at the edge.
      expect(furthest(all[2], pictures)).toBeLessThan(1e-6);
      expect(Math.max(...pictures.map(Math.abs))).toBeGreaterThan(1 - 1e-6);
    }
  });

  it('gives each row guidance of its own', async () => {
    const both = await draw([{ text: 'red', weight: 4 }], [{ text: 'red', weight: 1 }]);
    const plain = await draw([{ text: 'red', weight: 1 }], [{ text: 'red', weight: 1 }]);
    const half = both.pictures.length / 2;
    expect(furthest(both.pictures.subarray(half), plain.pictures.subarray(half))).toBeLessThan(
      1e-5,
    );
    expect(furthest(both.pictures.subarray(0, half), plain.pictures)).toBeGreaterThan(1e-3);
  });

  it('goes from one caption to another', async () => {
    const mixed = (share: number) => [
      { text: 'red', weight: 1 - share },
      { text: 'blue', weight: share },
    ];
    const ends = await draw(mixed(0), mixed(1));
    const plain = await draw([{ text: 'red', weight: 1 }], [{ text: 'blue', weight: 1 }]);
    expect(furthest(ends.pictures, plain.pictures)).toBeLessThan(1e-5);
    const middle = await draw(mixed(0.5), mixed(0.5));
    expect(furthest(middle.pictures, plain.pictures)).toBeGreaterThan(1e-3);
  });

  it('says where each word is looked at: at each place the weights sum to 1', async () => {
    const { attention } = await draw([{ text: 'red', weight: 2 }], [{ text: 'blue', weight: 2 }]);
    const side = finestSide(painter.spec);
    const { tokens } = await looped.read('red');
    expect(tokens).toEqual(['<start>', 'red']);
    for (const step of attention) {
      const gaze = gazeOf(step, { row: 1, side, tokens: tokens.length });
      for (let place = 0; place < side * side; place++) {
        expect(gaze[place] + gaze[side * side + place]).toBeCloseTo(1, 5);
      }
    }
  });

  it('ends in the middle where it is told to', async () => {
    let calls = 0;
    const before = async () => {
      if (++calls === 3) throw new Error('enough');
    };
    const drawing = looped.draw([[{ text: 'red', weight: 1 }]], [stream(0), stream(1)], {
      sampler,
      before,
    });
    await expect(drawing).rejects.toThrow('enough');
    expect(calls).toBe(3);
  });
});
