import { toFloats } from '../../../server/protocol/frames.ts';
import type { DrawnPictures, PainterInfo } from '../../../server/protocol/index.ts';

/** A picture with its way out of noise, station by station. */
export interface Way {
  readonly painter: PainterInfo;
  readonly caption: string;
  /** Pixels a side. */
  readonly size: number;
  readonly calls: number;
  /** ms */
  readonly took: number;
  readonly stations: readonly Station[];
  /** The caption's words in its order; the starting token, which says nothing, is left out. */
  readonly words: readonly GazedWord[];
  /** Places along an edge of a gaze. */
  readonly side: number;
}

/** Where the picture stood before a network evaluation, or at the end. */
export interface Station {
  /** Evaluations before it. */
  readonly call: number;
  /** Diffusion step k/K or flow time τ. */
  readonly time: number;
  /** [size, size, 3] bytes */
  readonly noised: Uint8Array;
  /** What the network said then that it would be. */
  readonly estimate: Uint8Array;
}

/** Where one word was looked at. */
export interface GazedWord {
  readonly word: string;
  /** [side, side] by station but the last; parts of all that a place looks at. */
  readonly gazes: readonly Float32Array[];
  /** The least and the most of all of them: what is shown darkest and brightest. */
  readonly least: number;
  readonly most: number;
}

/** @returns null for an answer that does not hold what it says */
export function wayOf(painter: PainterInfo, caption: string, drawn: DrawnPictures): Way | null {
  const { size, way } = drawn;
  if (!way) return null;
  const count = way.stations.length;
  const numbers = 3 * size * size;
  const [noised, estimates] = [bytesOf(way.noised), bytesOf(way.estimates)];
  const gaze = toFloats(way.gaze);
  const places = way.side * way.side;
  const tokens = way.tokens.length;
  const isWhole =
    noised.length === count * numbers &&
    estimates.length === count * numbers &&
    gaze?.length === (count - 1) * tokens * places;
  if (!gaze || !isWhole) return null;
  const at = (all: Uint8Array, i: number) => all.subarray(i * numbers, (i + 1) * numbers);
  return {
    ...{ painter, caption, size, side: way.side },
    calls: drawn.calls,
    took: drawn.ms,
    stations: way.stations.map((station, i) => ({
      ...station,
      noised: at(noised, i),
      estimate: at(estimates, i),
    })),
    words: way.tokens.slice(1).map((word, i) => {
      const gazes = Array.from({ length: count - 1 }, (_, station) => {
        const from = (station * tokens + i + 1) * places;
        return gaze.subarray(from, from + places);
      });
      const least = gazes.reduce((least, each) => Math.min(least, ...each), 1);
      const most = gazes.reduce((most, each) => Math.max(most, ...each), 0);
      return { word, gazes, least, most };
    }),
  };
}

/** The mean part that a word has of what all places look at. */
export function shareOf(gaze: Float32Array): number {
  return gaze.reduce((sum, each) => sum + each, 0) / gaze.length;
}

/** Where the way stands at a share of it: the number of a station. */
export function stationAt({ stations }: Pick<Way, 'stations'>, progress: number): number {
  return Math.round(progress * (stations.length - 1));
}

/** Pictures one after the other, [count, size, size, 3] bytes, each by itself. */
export function picturesOf({ pictures, size }: Pick<DrawnPictures, 'pictures' | 'size'>) {
  const all = bytesOf(pictures);
  const numbers = 3 * size * size;
  return Array.from({ length: all.length / numbers }, (_, i) =>
    all.subarray(i * numbers, (i + 1) * numbers),
  );
}

/** Of binary that came over a socket: a browser has an ArrayBuffer, another client a view. */
function bytesOf(bytes: ArrayBuffer | Uint8Array): Uint8Array {
  return bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
}
