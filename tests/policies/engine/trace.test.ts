import { describe, expect, it } from 'vitest';
import tf from '#tensorflow';
import { createCompiledEngine, EngineError } from '../../../policies/engine/index.ts';
import { trace } from '../../../policies/engine/trace/trace.ts';

const X = [{ name: 'x', shape: [2, 3] }];

describe('tracing', () => {
  it('names an operator that has no lowering, the function, and where to add one', async () => {
    const traced = trace(function cumulate({ x }) {
      return { y: tf.cumsum(x, 1) };
    }, X);
    await expect(traced).rejects.toThrow(
      /cumulate.*Cumsum.*policies\/engine\/trace\/.*reduction\.ts/,
    );
    await expect(traced).rejects.toBeInstanceOf(EngineError);
  });

  it.each<[string, (x: tf.Tensor) => ArrayLike<unknown>]>([
    ['dataSync', (x) => x.dataSync()],
    ['arraySync', (x) => tf.sum(x, 0).arraySync() as number[]],
    ['bufferSync', (x) => x.bufferSync().values],
  ])('refuses a function that looks at the numbers it is given, by %s', async (_, read) => {
    const traced = trace(function branch({ x }) {
      return { y: Number(read(tf.square(x))[0]) > 0 ? x : tf.neg(x) };
    }, X);
    await expect(traced).rejects.toThrow(/tracing branch: .*must not depend on data/);
  });

  it('refuses a tensor made outside of the function', async () => {
    await tf.setBackend('cpu');
    const outside = tf.ones([2, 3]);
    await expect(trace(({ x }) => ({ y: tf.add(x, outside) }), X)).rejects.toThrow();
    outside.dispose();
  });

  it('leaves nothing behind in TensorFlow.js', async () => {
    const before = tf.memory().numTensors;
    await trace(({ x }) => ({ y: tf.sum(tf.square(x)) }), X);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('can be asked for by several at once', async () => {
    const engine = createCompiledEngine();
    const factors = [1, 2, 3, 4, 5];
    const programs = await Promise.all(
      factors.map((factor) => engine.compile(({ x }) => ({ y: tf.mul(x, factor) }), X)),
    );
    const x = Float32Array.of(1, 2, 3, 4, 5, 6);
    for (const [i, program] of programs.entries()) {
      const { y } = await program.run({ x });
      expect(Array.from(y)).toEqual(Array.from(x, (value) => value * factors[i]));
    }
  });
});

describe('a compiled program', () => {
  it('says which input it misses, and of what size', async () => {
    const program = await createCompiledEngine().compile(({ x }) => ({ y: tf.neg(x) }), X);
    await expect(program.run({})).rejects.toThrow(/"x".*Float32Array\(6\).*\[2, 3\].*nothing/);
    await expect(program.run({ x: new Float32Array(5) })).rejects.toThrow(/Float32Array\(5\)/);
    await expect(program.run({ x: new Int32Array(6) })).rejects.toThrow(/Int32Array\(6\)/);
  });

  it('writes into the arrays it is given', async () => {
    const program = await createCompiledEngine().compile(({ x }) => ({ y: tf.neg(x) }), X);
    const out = new Float32Array(6);
    const { y } = await program.run({ x: Float32Array.of(1, 2, 3, 4, 5, 6) }, { y: out });
    expect(y).toBe(out);
    expect(Array.from(out)).toEqual([-1, -2, -3, -4, -5, -6]);
  });

  it('gives an input back as an output, and one value under two names', async () => {
    const program = await createCompiledEngine().compile(
      ({ x }) => ({ same: x, once: tf.neg(x), twice: tf.neg(x), constant: tf.scalar(7) }),
      X,
    );
    const x = Float32Array.of(1, 2, 3, 4, 5, 6);
    const { same, once, twice, constant } = await program.run({ x });
    expect(same).toEqual(x);
    expect(once).toEqual(twice);
    expect(Array.from(constant)).toEqual([7]);
  });
});
