import type { ModeIndex } from '../../../server/protocol/frames.ts';

/** Coordinates of noise in its plane. */
export type NoisePoint = readonly [u: number, v: number];

/** How far out the map goes, in standard deviations: 99 of 100 draws lie within in each direction. */
export const SPAN = 2.6;
/** Cells a side. */
export const CELLS = 16;

/** Which way plans of noise in the plane take, cell by cell, as it is found out. */
export interface NoiseMap {
  /** [CELLS, CELLS], rows from the top; null where it is not known yet. */
  readonly modes: readonly (ModeIndex | null)[];
  /** Rows that are known. */
  readonly rows: number;
}

export const EMPTY_MAP: NoiseMap = {
  modes: Array.from({ length: CELLS * CELLS }, () => null),
  rows: 0,
};

/** Rows in the order in which they are asked for: coarse first, then those between. */
export const ROW_ORDER: readonly number[] = Array.from({ length: CELLS }, (_, i) => {
  let reversed = 0;
  for (let bit = 1; bit < CELLS; bit *= 2) reversed = 2 * reversed + (Math.floor(i / bit) % 2);
  return reversed;
});

/**
 * Where a cell's middle lies. High u is on the left, as the way that it stands for is the first of
 * the task, which is on the robot's left.
 */
export function middleOf(row: number, column: number): NoisePoint {
  const at = (cell: number) => SPAN * (1 - (2 * (cell + 0.5)) / CELLS);
  return [at(column), at(row)];
}

export function withRow(map: NoiseMap, row: number, modes: readonly ModeIndex[]): NoiseMap {
  const all = [...map.modes];
  modes.forEach((mode, column) => {
    all[row * CELLS + column] = mode;
  });
  return { modes: all, rows: map.rows + 1 };
}

/** What is shown in a row: itself, or of the known ones the nearest. */
export function nearestRow({ modes }: NoiseMap, row: number): number | null {
  for (let away = 0; away < CELLS; away++) {
    for (const each of [row - away, row + away]) {
      if (each >= 0 && each < CELLS && modes[each * CELLS] !== null) return each;
    }
  }
  return null;
}

/** A line between two neighbouring cells of different ways, in cells from the upper left corner. */
export type Edge = readonly [x1: number, y1: number, x2: number, y2: number];

/** The boundary between the ways, as far as it is known. */
export function boundaryOf({ modes }: NoiseMap): Edge[] {
  const edges: Edge[] = [];
  const differ = (a: ModeIndex | null | undefined, b: ModeIndex | null | undefined) =>
    a != null && b != null && a !== b;
  for (let row = 0; row < CELLS; row++) {
    for (let column = 0; column < CELLS; column++) {
      const here = modes[row * CELLS + column];
      const right = column + 1 < CELLS ? modes[row * CELLS + column + 1] : null;
      const below = row + 1 < CELLS ? modes[(row + 1) * CELLS + column] : null;
      if (differ(here, right)) edges.push([column + 1, row, column + 1, row + 1]);
      if (differ(here, below)) edges.push([column, row + 1, column + 1, row + 1]);
    }
  }
  return edges;
}

/** Two places between which plans change their way, with the ways they take there. */
export interface Flip {
  readonly from: number;
  readonly to: number;
  readonly modes: readonly [ModeIndex, ModeIndex];
}

/** Places evenly spread between two others, both left out. */
export function between(from: number, to: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => from + ((i + 1) * (to - from)) / (count + 1));
}

/**
 * Of places in order, the two neighbours nearest to `home` that take different ways; null where all
 * take one.
 */
export function findFlip(
  places: readonly number[],
  modes: readonly ModeIndex[],
  home: number,
): Flip | null {
  const flips = places.slice(1).flatMap((to, i): Flip[] => {
    const from = places[i];
    return modes[i] === modes[i + 1] ? [] : [{ from, to, modes: [modes[i], modes[i + 1]] }];
  });
  const away = ({ from, to }: Flip) => Math.abs((from + to) / 2 - home);
  return flips.sort((a, b) => away(a) - away(b))[0] ?? null;
}

/** The same flip between nearer neighbours: what was found at places between its ends. */
export function narrow(
  { from, to, modes: [first, last] }: Flip,
  places: readonly number[],
  modes: readonly ModeIndex[],
): Flip {
  const flip = findFlip([from, ...places, to], [first, ...modes, last], from);
  return flip ?? { from, to, modes: [first, last] };
}
