/** rows [to][from]: how numbers are mixed into others. */
export type Rows = readonly (readonly number[])[];

/**
 * A way to convolve along time with few products. The steps are cut into tiles; with the inputs of
 * each tile mixed into n numbers, and the taps into n as well, a tile takes n products:
 *
 *     y = output · ((filter · taps) ∘ (input · x)),  ∘ products of the same mixed tap in all tiles.
 */
export interface MinimalFiltering {
  /** n: products a tile. */
  readonly points: number;
  readonly tiles: number;
  /** Zeros before the first time step. */
  readonly padBefore: number;
  /** [n][n]: what n time steps, of which those of a tile begin m after those of the one before, are mixed into. */
  readonly tileInput: Rows;
  /** [m][n]: what the products of a tile are mixed into, its outputs. */
  readonly tileOutput: Rows;
  /** [n · tiles][T], all tiles of the first point first. */
  readonly input: Rows;
  /** [n][kernel] */
  readonly filter: Rows;
  /** [T][n · tiles] */
  readonly output: Rows;
}

/**
 * Where the polynomials are evaluated: small and dyadic, so that the factors are exact; infinity
 * comes as the last.
 */
const POINTS = [0, 1, -1, 2, -2, 1 / 2, -1 / 2, 4, -4, 1 / 4, -1 / 4];

/**
 * Winograd's minimal filtering F(m, r): m outputs of a filter of r taps from m + r − 1 products,
 * instead of m·r. Multiplying polynomials by evaluating and interpolating them at n = m + r − 1
 * points, transposed.
 *
 * @param time      T, of input and output
 * @param kernel    r, taps
 * @param padBefore zeros before the first time step; as many as needed follow the last
 * @param tile      m, outputs of a tile
 * @throws RangeError for a tile and kernel that take more points than there are
 * @see Winograd 1980, Arithmetic Complexity of Computations, chapter 5; Lavin and Gray 2016,
 *      section 4, arXiv:1509.09308
 */
export function minimalFiltering(
  time: number,
  kernel: number,
  padBefore: number,
  tile: number,
): MinimalFiltering {
  const points = tile + kernel - 1;
  if (points > POINTS.length + 1) {
    throw new RangeError(`minimal filtering: F(${tile}, ${kernel}) takes ${points} points`);
  }
  const finite = POINTS.slice(0, points - 1);
  const tiles = Math.ceil(time / tile);
  /** Of each point: what vanishes at all other points, and what that is at the point itself. */
  const others = finite.map((at) => finite.filter((a) => a !== at));
  const tileInput = [...others, finite].map((roots) => {
    const factors = vanishing(roots);
    return Array.from({ length: points }, (_, k) => factors[k] ?? 0);
  });
  const scale = finite.map((at, i) => others[i].reduce((product, a) => product * (at - a), 1));
  const powers = (at: number, count: number) => Array.from({ length: count }, (_, j) => at ** j);
  const last = (count: number) => Array.from({ length: count }, (_, j) => +(j === count - 1));
  const filter = [
    ...finite.map((at, i) => powers(at, kernel).map((power) => power / scale[i])),
    last(kernel),
  ];
  const eachPoint = [...finite.map((at) => powers(at, tile)), last(tile)];
  const tileOutput = Array.from({ length: tile }, (_, t) => eachPoint.map((row) => row[t]));

  const steps = Array.from({ length: time }, (_, t) => t);
  const eachProduct = <T>(make: (point: number, tile: number) => T): T[] =>
    Array.from({ length: points * tiles }, (_, p) => make(Math.floor(p / tiles), p % tiles));
  return {
    points,
    tiles,
    padBefore,
    tileInput,
    tileOutput,
    filter,
    input: eachProduct((point, i) =>
      steps.map((t) => tileInput[point][t + padBefore - i * tile] ?? 0),
    ),
    output: steps.map((t) =>
      eachProduct((point, i) => (Math.floor(t / tile) === i ? tileOutput[t % tile][point] : 0)),
    ),
  };
}

/** Coefficients of Π (x − root), the constant first. */
function vanishing(roots: readonly number[]): number[] {
  let product = [1];
  for (const root of roots) {
    const shifted = [0, ...product];
    product = shifted.map((factor, i) => factor - root * (product[i] ?? 0));
  }
  return product;
}
