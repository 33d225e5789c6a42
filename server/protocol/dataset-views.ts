/**
 * What a page looks at of a dataset: all paths at a glance, and one episode frame by frame. Numbers
 * travel as bytes beside the rest of an answer; both sides pack and unpack with these functions alone.
 */

/** Joint positions, rad, and the gripper's opening, m: of a state, a label and a command. */
export const ROW = 8;
/** Points that a path is thinned to. */
export const PATH_POINTS = 32;
/** Of the whole numbers that paths travel as, m: they reach 3.2 m. */
const PATH_UNIT = 1e-4;

/** An episode that does what another one does. */
export interface Duplicate {
  readonly episode: number;
  /** The earlier one that it is like. */
  readonly of: number;
  /** Its commands are the same to the bit; else its path is within 2 mm. */
  readonly exact: boolean;
}

/** An episode that is unlike the others of its mode. */
export interface Outlier {
  readonly episode: number;
  /** 'length' in control steps, 'path' the mean distance from the middle path of its mode, m. */
  readonly by: 'length' | 'path';
  readonly value: number;
  /** Median of the others. */
  readonly usual: number;
}

/** All that a dataset shows, from above. */
export interface DatasetOverview<Bytes = ArrayBuffer> {
  readonly name: string;
  readonly hash: string;
  /** Numbers of the episodes that are drawn: all, or every n-th of many. */
  readonly drawn: readonly number[];
  /** Objects of the task. */
  readonly objects: number;
  /** `packPaths` */
  readonly paths: Bytes;
  readonly duplicates: readonly Duplicate[];
  readonly outliers: readonly Outlier[];
}

/** What is drawn of one episode. */
export interface DrawnPath {
  /** [PATH_POINTS, 3] positions of the TCP at equal shares of the episode's time, m. */
  readonly tcp: Float32Array;
  /** [objects, 2] where each object lay at the start, m. */
  readonly starts: Float32Array;
}

/** As whole tenths of millimetres, i16 [n, PATH_POINTS · 3 + objects · 2]. */
export function packPaths(paths: readonly DrawnPath[]): Int16Array {
  const width = paths.length > 0 ? paths[0].tcp.length + paths[0].starts.length : 0;
  const packed = new Int16Array(paths.length * width);
  paths.forEach(({ tcp, starts }, i) => {
    [...tcp, ...starts].forEach((value, j) => {
      packed[i * width + j] = Math.max(-32768, Math.min(32767, Math.round(value / PATH_UNIT)));
    });
  });
  return packed;
}

/** @throws Error where the bytes are not those of so many paths */
export function unpackPaths(
  bytes: ArrayBuffer | Uint8Array,
  count: number,
  objects: number,
): DrawnPath[] {
  const width = PATH_POINTS * 3 + objects * 2;
  const own = bytes instanceof Uint8Array ? Uint8Array.from(bytes).buffer : bytes;
  if (own.byteLength !== 2 * count * width) {
    throw new Error(`paths: expected ${2 * count * width} bytes, got ${own.byteLength}`);
  }
  const packed = new Int16Array(own);
  return Array.from({ length: count }, (_, i) => {
    const row = Float32Array.from(
      packed.subarray(i * width, (i + 1) * width),
      (value) => value * PATH_UNIT,
    );
    return { tcp: row.subarray(0, PATH_POINTS * 3), starts: row.subarray(PATH_POINTS * 3) };
  });
}

/** When something happened in an episode, control steps; null where it did not. */
export interface EpisodeEvents {
  readonly mode: number | null;
  readonly contact: number | null;
  readonly success: number | null;
}

/** One episode to be played. */
export interface EpisodeView<Bytes = ArrayBuffer> {
  readonly name: string;
  readonly hash: string;
  readonly episode: number;
  readonly controlHz: number;
  /** Control steps of the episode. */
  readonly length: number;
  /** Each of the frames sent stands for so many: 1, but for very long episodes. */
  readonly stride: number;
  readonly objects: number;
  /** f32 [frames, `frameLayout(objects).size`] */
  readonly frames: Bytes;
  /** From replaying it; null where that ends elsewhere than the episode did. */
  readonly events: EpisodeEvents | null;
}

/** What is sent of a frame, and where each part of it begins. */
export interface FrameLayout {
  readonly state: number;
  /** 3 numbers each, m. */
  readonly objects: number;
  /** What the demonstrator wanted. */
  readonly action: number;
  /** What was executed. */
  readonly command: number;
  /** Numbers in all. */
  readonly size: number;
}

export function frameLayout(objects: number): FrameLayout {
  const action = ROW + 3 * objects;
  return { state: 0, objects: ROW, action, command: action + ROW, size: action + 2 * ROW };
}
