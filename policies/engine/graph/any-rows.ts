import { EngineError } from '../types.ts';
import { GraphBuilder } from './builder.ts';
import type { ConstantData, Graph, GraphNode, NamedValue, Value } from './graph.ts';

/** What the extent is called that may be any. */
export const ANY_ROWS = 'batch';

/** A graph, and how many rows it was traced for. */
export interface TracedRows {
  readonly graph: Graph;
  readonly rows: number;
}

/**
 * One graph for any number of rows out of two of the same function, traced for two numbers of them. Where
 * they differ they hold shapes, indices and repeated rows, which become functions of the rows that come in;
 * all arithmetic stays as it is.
 *
 * @param rows what has as many rows as there are, along its first axis
 * @throws EngineError where they differ in anything else
 */
export function forAnyRows(first: TracedRows, second: TracedRows, rows: string): Graph {
  const nodes = zip(first.graph.nodes, second.graph.nodes, 'operators');
  const input = first.graph.inputs.find(({ name }) => name === rows);
  if (!input) throw new EngineError(`any rows: expected an input "${rows}", got none`);
  const varying = new VaryingConstants(first, second, input.value);
  const general = nodes.map(([a, b]): GraphNode => {
    if (a.op !== b.op || JSON.stringify(a.attributes) !== JSON.stringify(b.attributes)) {
      throw differing(`${a.op} as it is`, `${b.op} with ${JSON.stringify(b.attributes)}`);
    }
    const inputs = zip(a.inputs, b.inputs, `inputs of ${a.op}`).map(([from, to], i) =>
      varying.replace(from, to, a.op === 'Reshape' && i === 1),
    );
    return { ...a, inputs };
  });
  const made = varying.finish();
  const named = (kind: 'inputs' | 'outputs') =>
    zip(first.graph[kind], second.graph[kind], kind).map(([a, b]): NamedValue => {
      const extents = zip(a.value.shape, b.value.shape, 'axes').map(([from, to]) =>
        from === to ? from : ANY_ROWS,
      );
      return { ...a, extents };
    });
  return {
    inputs: named('inputs'),
    outputs: named('outputs'),
    constants: new Map([...first.graph.constants, ...made.constants]),
    nodes: [...made.nodes, ...general],
  };
}

/** What depends on the rows, computed from how many come in. */
class VaryingConstants {
  readonly #first: TracedRows;
  readonly #second: TracedRows;
  readonly #builder = new GraphBuilder();
  readonly #made = new Map<string, Value>();
  /** Rows that come in, int64 [1]. */
  readonly #rows: Value;

  constructor(first: TracedRows, second: TracedRows, input: Value) {
    this.#first = first;
    this.#second = second;
    const shape = { shape: [1], dtype: 'int64' } as const;
    this.#rows = this.#builder.node('Shape', [input], shape, { start: 0, end: 1 });
  }

  /** The value itself, where it is the same in both, or what stands for it. */
  replace(from: Value, to: Value, isTarget: boolean): Value {
    const a = this.#first.graph.constants.get(from);
    const b = this.#second.graph.constants.get(to);
    if (!a || !b) {
      if (!a && !b) return from;
      throw differing('constants in both', 'one that is none');
    }
    if (sameNumbers(a, b)) return from;
    // Any number of equal constants are computed once.
    const key = `${isTarget} ${from.dtype} ${from.shape}: ${a.length > 4096 ? from.id : a}`;
    const known = this.#made.get(key);
    if (known) return known;
    const made = this.#make(from, to, { a, b, isTarget });
    this.#made.set(key, made);
    return made;
  }

  finish(): Graph {
    return this.#builder.finish([]);
  }

  #make(
    from: Value,
    to: Value,
    { a, b, isTarget }: { a: ConstantData; b: ConstantData; isTarget: boolean },
  ): Value {
    if (from.dtype === 'int64') return this.#shape(numbers(a), numbers(b), isTarget);
    const places = from.dtype === 'int32' ? this.#places(numbers(a), numbers(b)) : null;
    return places ?? this.#repeated(from, to, a);
  }

  /** Extents, bounds or repetitions, each a part that is fixed and a multiple of the rows. */
  #shape(a: readonly number[], b: readonly number[], isTarget: boolean): Value {
    const [first, second] = [this.#first.rows, this.#second.rows];
    const pairs = zip(a, b, 'extents');
    const multiples = pairs.map(([from, to]) => (to - from) / (second - first));
    const fixed = pairs.map(([from], i) => from - multiples[i] * first);
    if (multiples.some((each) => !Number.isInteger(each))) throw differing(`[${a}]`, `[${b}]`);
    const open = multiples.filter((each) => each !== 0).length;
    if (isTarget && open === 1 && !fixed.some((each, i) => each !== 0 && multiples[i] !== 0)) {
      return this.#builder.int64(fixed.map((each, i) => (multiples[i] === 0 ? each : -1)));
    }
    return this.#linear(multiples, fixed);
  }

  /** multiples · rows + fixed, int64 */
  #linear(multiples: readonly number[], fixed: readonly number[]): Value {
    const builder = this.#builder;
    const shape = { shape: [multiples.length], dtype: 'int64' } as const;
    const scaled = builder.node('Mul', [this.#rows, builder.int64(multiples)], shape);
    return builder.node('Add', [scaled, builder.int64(fixed)], shape);
  }

  /** Indices of places that lie rows apart, one for each row, [.., rows, ..]; null for others. */
  #places(a: readonly number[], b: readonly number[]): Value | null {
    // With guidance there are twice as many rows.
    for (const multiple of [1, 2]) {
      const places = placesOf(a, multiple * this.#first.rows);
      const others = placesOf(b, multiple * this.#second.rows);
      if (!places || JSON.stringify(places) !== JSON.stringify(others)) continue;
      const builder = this.#builder;
      const int64 = (...shape: number[]) => ({ shape, dtype: 'int64' }) as const;
      const whole = (value: number) =>
        builder.constant(BigInt64Array.of(BigInt(value)), 'int64', []);
      const rows = multiple * this.#first.rows;
      const [outer, inner] = [places.length, places[0].length];
      const size = this.#linear([multiple], [0]);
      const end = builder.node('Reshape', [size, builder.int64([])], int64());
      const row = builder.node('Range', [whole(0), end, whole(1)], int64(rows));
      const column = builder.node('Reshape', [row, builder.int64([-1, 1])], int64(rows, 1));
      const place = builder.constant(BigInt64Array.from(places.flat(), BigInt), 'int64', [
        outer,
        1,
        inner,
      ]);
      const begins = builder.node('Mul', [place, size], int64(outer, 1, inner));
      const all = builder.node('Add', [begins, column], int64(outer, rows, inner));
      return builder.node('Reshape', [all, builder.int64([-1])], int64(a.length));
    }
    return null;
  }

  /** The same numbers as often as there are rows. */
  #repeated(from: Value, to: Value, data: ConstantData): Value {
    const axis = from.shape.findIndex((extent, i) => extent !== to.shape[i]);
    const inner = from.shape.slice(axis + 1).reduce((product, extent) => product * extent, 1);
    const extent = from.shape[axis] ?? 0;
    const one = data.filter((_: unknown, i: number) => Math.floor(i / inner) % extent === 0);
    const isSame = [...data].every((value, i) => {
      const outer = Math.floor(i / (inner * extent));
      return Object.is(value, one[outer * inner + (i % inner)]);
    });
    if (axis < 0 || !isSame) throw differing('the same numbers for every row', `[${from.shape}]`);
    const shape = from.shape.map((each, i) => (i === axis ? 1 : each));
    const constant = this.#builder.constant(one, from.dtype, shape);
    const repeated = this.#shape(from.shape, to.shape, false);
    return this.#builder.node('Expand', [constant, repeated], from);
  }
}

/** Places p [outer][inner] of indices p·rows + row that lie as [outer, rows, inner]; null for others. */
function placesOf(indices: readonly number[], rows: number): number[][] | null {
  const cells = indices.length / rows;
  if (!Number.isInteger(cells)) return null;
  for (let inner = 1; inner <= cells; inner++) {
    if (cells % inner !== 0) continue;
    const at = (i: number, row: number, k: number) => indices[(i * rows + row) * inner + k];
    const places = Array.from({ length: cells / inner }, (_, i) =>
      Array.from({ length: inner }, (_, k) => at(i, 0, k) / rows),
    );
    const fits = places.every((each, i) =>
      each.every(
        (place, k) =>
          Number.isInteger(place) &&
          Array.from({ length: rows }, (_, row) => at(i, row, k) === place * rows + row).every(
            Boolean,
          ),
      ),
    );
    if (fits) return places;
  }
  return null;
}

function numbers(data: ConstantData): number[] {
  return Array.from<number | bigint, number>(data, Number);
}

function sameNumbers(a: ConstantData, b: ConstantData): boolean {
  return (
    a.length === b.length && a.every((value: number | bigint, i: number) => Object.is(value, b[i]))
  );
}

function zip<A, B>(a: readonly A[], b: readonly B[], what: string): [A, B][] {
  if (a.length === b.length) return a.map((each, i) => [each, b[i]]);
  throw differing(`${a.length} ${what}`, String(b.length));
}

function differing(expected: string, got: string): EngineError {
  return new EngineError(`any rows: expected ${expected} whatever the rows are, got ${got}`);
}
