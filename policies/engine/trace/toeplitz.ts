/**
 * A way to compute y = convolution(x, taps) over a short time from fewer products: with the rows
 * of x and of the filter mixed by small constant matrices,
 *
 *     y = output · ((filter · taps) ∘ (input · x)),  ∘ one product a row.
 */
export interface BilinearAlgorithm {
  /** Products, P. */
  readonly products: number;
  /** [P][T] */
  readonly input: readonly (readonly number[])[];
  /** [P][kernel] */
  readonly filter: readonly (readonly number[])[];
  /** [T][P] */
  readonly output: readonly (readonly number[])[];
}

/**
 * A zero-padded convolution that keeps its length T is the product with a T × T Toeplitz matrix.
 * Cut into halves, [[B, A], [C, B]]·[u, v], it takes three half products instead of four:
 * B·(u + v), (A − B)·v and (C − B)·u. Repeated, T^1.58 products; all factors are ±1, so that
 * nothing is lost to rounding that the plain sum would keep.
 *
 * @param time      T, a power of two
 * @param padBefore zeros before the first time step
 * @see Winograd 1980, Arithmetic Complexity of Computations, chapter 5
 */
export function toeplitzAlgorithm(
  time: number,
  kernel: number,
  padBefore: number,
): BilinearAlgorithm {
  const unit = (size: number, at: number) => Array.from({ length: size }, (_, i) => +(i === at));
  /** Entry (row, column) of the matrix depends on their difference: which tap it is, if any. */
  const taps = (difference: number) => unit(kernel, difference + padBefore);
  const rows = Array.from({ length: time }, (_, t) => unit(time, t));
  const terms = multiply(taps, rows).filter(({ filter }) => filter.some((factor) => factor !== 0));
  return {
    products: terms.length,
    input: terms.map(({ input }) => input),
    filter: terms.map(({ filter }) => filter),
    output: rows.map((_, t) => terms.map(({ output }) => output[t])),
  };
}

/** One product: which inputs and taps it is of, and which outputs it counts for. */
interface Term {
  readonly input: readonly number[];
  readonly filter: readonly number[];
  readonly output: readonly number[];
}

/**
 * Product of a Toeplitz matrix with a vector.
 *
 * @param entry the matrix's entry by column − row, as factors of the taps
 * @param x     the vector's entries, as factors of the inputs
 */
function multiply(
  entry: (difference: number) => readonly number[],
  x: readonly (readonly number[])[],
): Term[] {
  if (x.length === 1) return [{ input: x[0], filter: entry(0), output: [1] }];
  const half = x.length / 2;
  const [u, v] = [x.slice(0, half), x.slice(half)];
  const upper = (difference: number) => minus(entry(difference + half), entry(difference));
  const lower = (difference: number) => minus(entry(difference - half), entry(difference));
  const zeros = new Array<number>(half).fill(0);
  const place = (terms: Term[], where: (part: readonly number[]) => number[]) =>
    terms.map(({ output, ...rest }) => ({ ...rest, output: where(output) }));
  const sum = u.map((row, i) => row.map((factor, j) => factor + v[i][j]));
  return [
    ...place(multiply(entry, sum), (part) => [...part, ...part]),
    ...place(multiply(upper, v), (part) => [...part, ...zeros]),
    ...place(multiply(lower, u), (part) => [...zeros, ...part]),
  ];
}

function minus(a: readonly number[], b: readonly number[]): number[] {
  return a.map((factor, i) => factor - b[i]);
}
