import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import tf from '#tensorflow';
import {
  createCompiledEngine,
  type ProgramStore,
  type TensorFunction,
} from '../../../policies/engine/index.ts';
import { MemoryStore } from '../../support/memory-store.ts';

const X = [{ name: 'x', shape: [2, 3] }];
const x = Float32Array.of(1, 2, 3, 4, 5, 6);

/** A function that says how often it was traced. */
function counted(factor: number): { fn: TensorFunction; traces: () => number } {
  let traces = 0;
  return {
    fn: ({ x }) => {
      traces++;
      return { y: tf.mul(x, factor), sum: tf.sum(x) };
    },
    traces: () => traces,
  };
}

async function compileAndRun(
  programs: ProgramStore,
  fn: TensorFunction,
  key: string,
): Promise<Record<string, Float32Array>> {
  const program = await createCompiledEngine({ programs }).compile(fn, X, { key });
  try {
    expect(program.outputShapes).toEqual({ y: [2, 3], sum: [] });
    return await program.run({ x });
  } finally {
    await program.dispose();
  }
}

describe('a store of programs', () => {
  it('lets a second start skip the trace and gives the same numbers', async () => {
    const store = new MemoryStore();
    const { fn, traces } = counted(2);
    const first = await compileAndRun(store, fn, 'twice');
    const second = await compileAndRun(store, fn, 'twice');
    expect(traces()).toBe(1);
    expect(second).toEqual(first);
    expect(Array.from(second.y)).toEqual([2, 4, 6, 8, 10, 12]);
  });

  it('is left alone without a key', async () => {
    const store = new MemoryStore();
    await createCompiledEngine({ programs: store }).compile(counted(2).fn, X);
    expect(store.entries.size).toBe(0);
  });

  it('keeps functions, input shapes and versions apart', async () => {
    const store = new MemoryStore();
    await compileAndRun(store, counted(2).fn, 'twice');
    const other = counted(3);
    expect(Array.from((await compileAndRun(store, other.fn, 'thrice')).y)[0]).toBe(3);
    expect(other.traces()).toBe(1);
    const wider = counted(2);
    const wide = [{ name: 'x', shape: [4, 3] }];
    const engine = createCompiledEngine({ programs: store });
    const program = await engine.compile(wider.fn, wide, { key: 'twice' });
    expect(program.outputShapes.y).toEqual([4, 3]);
    const newer = counted(2);
    await compileAndRun(new MemoryStore('2', store.entries), newer.fn, 'twice');
    expect(newer.traces()).toBe(1);
  });

  it('that is damaged anywhere is not trusted: the program is made anew', async () => {
    const store = new MemoryStore();
    await compileAndRun(store, counted(2).fn, 'twice');
    const [[name, whole]] = store.entries;
    const damages = fc.oneof(
      fc.record({ at: fc.nat(whole.length - 1), bit: fc.nat(7) }).map(({ at, bit }) => {
        const bytes = whole.slice();
        bytes[at] ^= 1 << bit;
        return bytes;
      }),
      fc.nat(whole.length - 1).map((length) => whole.slice(0, length)),
      fc.uint8Array({ maxLength: 100 }),
    );
    await fc.assert(
      fc.asyncProperty(damages, async (bytes) => {
        store.entries.set(name, bytes);
        const { fn, traces } = counted(2);
        const { y } = await compileAndRun(store, fn, 'twice');
        expect(traces()).toBe(1);
        expect(Array.from(y)).toEqual([2, 4, 6, 8, 10, 12]);
        // And the damage is mended.
        expect(store.entries.get(name)).toEqual(whole);
      }),
      { numRuns: 50 },
    );
  });

  it('that holds another program under this name is not trusted', async () => {
    const store = new MemoryStore();
    await compileAndRun(store, counted(2).fn, 'twice');
    const [[name]] = store.entries;
    const elsewhere = new MemoryStore();
    await compileAndRun(elsewhere, counted(5).fn, 'five times');
    const [[, foreign]] = elsewhere.entries;
    store.entries.set(name, foreign);
    const { fn, traces } = counted(2);
    expect(Array.from((await compileAndRun(store, fn, 'twice')).y)[0]).toBe(2);
    expect(traces()).toBe(1);
  });
});
