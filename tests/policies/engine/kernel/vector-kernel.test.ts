import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  KERNEL_OPERANDS,
  type KernelOp,
  type KernelStep,
  type VectorTail,
} from '../../../../policies/engine/kernel/tail.ts';
import { VectorKernel } from '../../../../policies/engine/kernel/vector-kernel.ts';
import { Random } from '../../../../policies/random.ts';

type Vectors = Record<string, Float32Array>;

const ROUNDED: Record<KernelOp, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Sqrt: (a) => Math.sqrt(a),
};

/** Each step rounded to f32, as JavaScript does it. */
function expected(tail: VectorTail, vectors: Vectors, scalars: readonly number[]): Vectors {
  const outputs = tail.outputs.map(({ name }) => [name, new Float32Array(tail.size)] as const);
  for (let i = 0; i < tail.size; i++) {
    const values = [...tail.vectors.map((name) => vectors[name][i]), ...scalars, ...tail.constants];
    for (const { op, of } of tail.steps) {
      values.push(Math.fround(ROUNDED[op](values[of[0]], values[of[1] ?? of[0]])));
    }
    for (const [j, [, output]] of outputs.entries()) output[i] = values[tail.outputs[j].of];
  }
  return Object.fromEntries(outputs);
}

const BEGIN = 5;
const steps = fc
  .array(
    fc.record({
      op: fc.constantFrom(...(Object.keys(ROUNDED) as KernelOp[])),
      a: fc.nat(),
      b: fc.nat(),
    }),
    {
      minLength: 2,
      maxLength: 12,
    },
  )
  .map((drawn) =>
    drawn.map(({ op, a, b }, i): KernelStep => {
      const operands = [a % (BEGIN + i), b % (BEGIN + i)];
      return { op, of: operands.slice(0, KERNEL_OPERANDS[op]) };
    }),
  );

/** Two vectors, two scalars, a constant; the last two steps are put out. */
function tailOf(steps: readonly KernelStep[], size: number): VectorTail {
  const last = BEGIN + steps.length - 1;
  return {
    size,
    reads: [],
    vectors: ['x', 'y'],
    scalars: 2,
    constants: [Math.fround(0.1)],
    steps,
    outputs: [
      { name: 'p', of: last },
      { name: 'q', of: last - 1 },
    ],
  };
}

function drawn(tail: VectorTail, seed: number) {
  const random = Random.of(seed);
  const normals = () => random.fillNormal(new Float32Array(tail.size));
  return { vectors: { x: normals(), y: normals() }, scalars: normals().subarray(0, 2).slice() };
}

const empty = ({ size }: VectorTail): Vectors => ({
  p: new Float32Array(size),
  q: new Float32Array(size),
});

/** Less than a vector of the processor's, and about a block. */
const SIZES = [2, 3, 4, 5, 8191, 8192, 8193];
const SUM: readonly KernelStep[] = [
  { op: 'Add', of: [0, 1] },
  { op: 'Mul', of: [0, 4] },
];

describe('a kernel', () => {
  it('rounds each step to f32, in blocks and where vectors were lent', () => {
    fc.assert(
      fc.property(steps, fc.constantFrom(...SIZES), fc.nat(), (steps, size, seed) => {
        const tail = tailOf(steps, size);
        const { vectors, scalars } = drawn(tail, seed);
        const wanted = expected(tail, vectors, [...scalars]);
        const kernel = new VectorKernel(tail);
        kernel.scalars.set(scalars);
        const outputs = empty(tail);
        kernel.run(vectors, outputs);
        expect(outputs).toEqual(wanted);

        const { x, y, p, q } = kernel.lend() ?? {};
        x.set(vectors.x);
        y.set(vectors.y);
        expect(Array.from(kernel.scalars)).toEqual([...scalars]);
        kernel.run({ x, y }, { p, q });
        expect({ p, q }).toEqual(wanted);
        // What is lent and what is not; one in the place of another; outputs where vectors are.
        const others = empty(tail);
        kernel.run({ x: vectors.x, y }, { p: others.p, q });
        expect({ p: others.p, q }).toEqual(wanted);
        p.set(vectors.x);
        kernel.run({ x: p, y }, { p: y, q: p });
        expect({ p: y, q: p }).toEqual(wanted);
      }),
      { seed: 4, numRuns: 60 },
    );
  });

  it('lends its vectors once', () => {
    const kernel = new VectorKernel(tailOf(SUM, 8));
    expect(Object.keys(kernel.lend() ?? {})).toEqual(['x', 'y', 'p', 'q']);
    expect(kernel.lend()).toBeNull();
  });

  it('lends none that WebAssembly could not address, and runs in blocks', () => {
    expect(new VectorKernel(tailOf(SUM, 2 ** 28)).lend()).toBeNull();
  });

  it('is not made of steps that read what is not there', () => {
    const tail = tailOf([...SUM, { op: 'Add', of: [0, 99] }], 8);
    expect(() => new VectorKernel(tail)).toThrow(WebAssembly.CompileError);
  });
});
