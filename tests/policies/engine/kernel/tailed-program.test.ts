import { describe, expect, it } from 'vitest';
import tf from '#tensorflow';
import {
  createCompiledEngine,
  createEagerEngine,
  type TensorFunction,
} from '../../../../policies/engine/index.ts';
import { splitTail } from '../../../../policies/engine/kernel/split.ts';
import { optimize } from '../../../../policies/engine/passes/index.ts';
import { trace } from '../../../../policies/engine/trace/trace.ts';
import { randomInputs, runOn } from '../../../support/engines.ts';
import { MemoryStore } from '../../../support/memory-store.ts';

const SIZE = 50;
const SPECS = [
  { name: 'x', shape: [SIZE] },
  { name: 'y', shape: [SIZE] },
  { name: 'rates', shape: [2] },
];

/** What an optimiser does, with sums that are exact: every engine then gives the same bits. */
const step: TensorFunction = ({ x, y, rates }) => {
  const [rate, decay] = tf.split(rates, 2);
  const gradient = tf.concat([tf.slice(x, [20], [30]), tf.slice(x, [0], [20])]);
  const squares = tf.square(gradient);
  const largest = tf.max(squares);
  const moment = tf.add(tf.mul(y, decay), tf.mul(squares, tf.mul(rate, 0.25)));
  const length = tf.div(gradient, tf.add(tf.sqrt(moment), 1e-8));
  const next = tf.sub(tf.mul(x, tf.sub(1, rate)), tf.mul(length, rate));
  return { next, largest, moment: tf.add(moment, tf.mul(tf.sub(next, x), decay)) };
};

const given = () => {
  const { x, y } = randomInputs(SPECS, 1);
  return { x, y: y.map(Math.abs) as Float32Array, rates: Float32Array.of(0.3, 0.9) };
};

describe('a program that ends in operations on vectors', () => {
  it('is parted: what makes the vectors stays, and each output is made once', async () => {
    const graph = optimize(await trace(step, SPECS));
    const { body, tail } = splitTail(graph) ?? expect.fail('expected a tail');
    expect(body.nodes.map(({ op }) => op).filter((op) => op === 'Sqrt' || op === 'Div')).toEqual(
      [],
    );
    expect(body.inputs.map(({ name }) => name)).toEqual(['x', 'rates']);
    expect(tail.vectors).toContain('y');
    expect(tail.outputs.map(({ name }) => name)).toEqual(['next', 'moment']);
    expect(tail.size).toBe(SIZE);
  });

  it('gives the bits of an engine that runs it operator by operator', async () => {
    const eager = await runOn(await createEagerEngine('cpu'), step, SPECS, given());
    const compiled = await runOn(createCompiledEngine(), step, SPECS, given());
    expect(Object.keys(compiled)).toEqual(Object.keys(eager));
    expect(compiled).toEqual(eager);
  });

  it('gives the same in vectors that it lends, step after step', async () => {
    const program = await createCompiledEngine().compile(step, SPECS);
    const plain = await createCompiledEngine().compile(step, SPECS);
    const { x, y, next, moment } = program.lend?.() ?? {};
    const { rates, ...first } = given();
    let vectors = first;
    let [from, to] = [
      { x, y },
      { next, moment },
    ];
    from.x.set(vectors.x);
    from.y.set(vectors.y);
    for (let i = 0; i < 3; i++) {
      const ran = await plain.run({ ...vectors, rates });
      const there = await program.run({ ...from, rates }, to);
      expect(there).toEqual(ran);
      vectors = { x: ran.next, y: ran.moment };
      [from, to] = [
        { x: to.next, y: to.moment },
        { next: from.x, moment: from.y },
      ];
    }
    await Promise.all([program.dispose(), plain.dispose()]);
  });

  it('gives runs at once what each alone is given', async () => {
    const program = await createCompiledEngine().compile(step, SPECS);
    const [one, other] = [given(), { ...given(), rates: Float32Array.of(0.1, 0.5) }];
    const alone = [await program.run(one), await program.run(other)];
    expect(await Promise.all([program.run(one), program.run(other)])).toEqual(alone);
    await program.dispose();
  });

  it('is kept with its end', async () => {
    const programs = new MemoryStore();
    let traces = 0;
    const counted: TensorFunction = (inputs) => {
      traces++;
      return step(inputs);
    };
    const results = [];
    for (let i = 0; i < 2; i++) {
      const program = await createCompiledEngine({ programs }).compile(counted, SPECS, {
        key: 'step',
      });
      results.push(await program.run(given()));
      await program.dispose();
    }
    expect(traces).toBe(1);
    expect(results[1]).toEqual(results[0]);
  });
});

describe('a program is whole', () => {
  const parts = async (fn: TensorFunction) => splitTail(optimize(await trace(fn, SPECS)));
  const many = (x: tf.Tensor) =>
    Array.from({ length: 9 }).reduce<tf.Tensor>((y) => tf.mul(y, x), x);

  it('that ends in few operations on vectors', async () => {
    expect(await parts(({ x, y }) => ({ z: tf.add(x, y), sum: tf.sum(x) }))).toBeNull();
  });

  it('that is made of nothing else', async () => {
    expect(await parts(({ x }) => ({ z: many(x) }))).toBeNull();
  });

  it('whose vectors lead on to something else', async () => {
    expect(await parts(({ x }) => ({ z: tf.sum(many(x)) }))).toBeNull();
  });
});
