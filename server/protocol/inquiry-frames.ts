/** Answers to inquiries, a Float32Array each, as frames are; both sides pack and unpack with these. */
import { INVALID, type ModeIndex } from './frames.ts';

/** First number of every answer: its kind and the layout that follows. */
const FORMAT = { denoising: -101, plane: -102, turned: -103 } as const;

/** Where the plans of one moment stood at one network evaluation, or at the end. */
export interface Station {
  /** Network evaluations before it. */
  readonly call: number;
  /** Diffusion step k/K or flow time τ. */
  readonly time: number;
  /** [futures, points, 3] TCP positions of the chunks as they stand, m. */
  readonly paths: Float32Array;
  /** The same of what the network's answer says that they will end in. */
  readonly estimates: Float32Array;
  /** By future: the way its estimate takes. */
  readonly estimatedModes: readonly ModeIndex[];
  /** [Tp, Da] of the plan that acts, rad and m. */
  readonly chunk: Float32Array;
  readonly estimate: Float32Array;
}

/** How the plans of one moment came out of noise. */
export interface Denoising {
  /** Control step of the inference. */
  readonly step: number;
  /** Plans of the episode before it. */
  readonly number: number;
  /** Network evaluations a chunk, guidance aside. */
  readonly calls: number;
  /** Those that can be asked for: every `step`-th. */
  readonly range: { readonly least: number; readonly most: number; readonly step: number };
  /** K; 0 where times are τ. */
  readonly diffusionSteps: number;
  /** The stations' first plan is the acted one to the bit: it was drawn as the lane draws. */
  readonly asActed: boolean;
  /** Ways of the finished plans; the first is the one that acts. */
  readonly modes: readonly ModeIndex[];
  /** [Da] where the arm is, rad and m. */
  readonly pose: Float32Array;
  /** From noise to the plan, both included; not every evaluation where there are many. */
  readonly stations: readonly Station[];
}

/** Two directions of the noise of one plan: z(u, v) = acting + (u − u₀)·e₁ + (v − v₀)·e₂. */
export interface NoisePlane {
  readonly step: number;
  /** (u₀, v₀): e₁ and e₂ of the noise that acted. */
  readonly home: readonly [u: number, v: number];
  /** Plans drawn to find the directions, and how many of them took each way. */
  readonly draws: number;
  readonly counts: readonly { readonly mode: ModeIndex; readonly count: number }[];
  /**
   * The two ways that e₁ tells apart, from high u to low; null where all draws took the same: then it
   * is what changes the plan most.
   */
  readonly parts: readonly [ModeIndex, ModeIndex] | null;
}

/** What came of noise in the plane. */
export interface Turned {
  readonly modes: readonly ModeIndex[];
  /** [Tp, 3] by point, m; empty unless asked for. */
  readonly paths: readonly Float32Array[];
}

export function packDenoising(denoising: Denoising): Float32Array {
  const { step, number, calls, range, diffusionSteps, asActed, modes, pose, stations } = denoising;
  const [first] = stations;
  const points = first ? first.paths.length / (3 * modes.length) : 0;
  const rows = first ? first.chunk.length / pose.length : 0;
  const head = [
    ...[FORMAT.denoising, step, number, calls, range.least, range.most, range.step],
    ...[diffusionSteps, Number(asActed), modes.length, points, rows, pose.length, stations.length],
  ];
  return concatenate([
    head,
    modes,
    pose,
    ...stations.flatMap((station) => [
      [station.call, station.time],
      station.estimatedModes,
      station.paths,
      station.estimates,
      station.chunk,
      station.estimate,
    ]),
  ]);
}

/** @returns null for what is no such answer. Its arrays are views of what was packed */
export function unpackDenoising(packed: Float32Array): Denoising | null {
  const read = new Reader(packed);
  const [format, step, number, calls, least, most, every] = read.take(7);
  const [diffusionSteps, asActed, futures, points, rows, width, count] = read.take(7);
  if (format !== FORMAT.denoising || ![futures, points, rows, width, count].every(isCount)) {
    return null;
  }
  const stationSize = 2 + futures + 6 * futures * points + 2 * rows * width;
  if (packed.length !== read.at + futures + width + count * stationSize) return null;
  const modes = modesOf(read.take(futures));
  const pose = read.take(width);
  const stations = Array.from({ length: count }, (): Station => {
    const [call, time] = read.take(2);
    return {
      call,
      time,
      estimatedModes: modesOf(read.take(futures)) ?? [],
      paths: read.take(3 * futures * points),
      estimates: read.take(3 * futures * points),
      chunk: read.take(rows * width),
      estimate: read.take(rows * width),
    };
  });
  if (!modes || stations.some(({ estimatedModes }) => estimatedModes.length !== futures)) {
    return null;
  }
  const range = { least, most, step: every };
  return {
    ...{ step, number, calls, range, diffusionSteps, asActed: asActed === 1 },
    ...{ modes, pose, stations },
  };
}

export function packNoisePlane({ step, home, draws, counts, parts }: NoisePlane): Float32Array {
  const [high, low] = parts ?? [0, 0];
  const head = [FORMAT.plane, step, ...home, draws, Number(parts !== null), high, low];
  return Float32Array.from([...head, ...counts.flatMap(({ mode, count }) => [mode, count])]);
}

/** @returns null for what is no such answer */
export function unpackNoisePlane(packed: Float32Array): NoisePlane | null {
  const read = new Reader(packed);
  const [format, step, u, v, draws, parted, high, low] = read.take(8);
  const rest = packed.subarray(read.at);
  if (format !== FORMAT.plane || rest.length % 2 !== 0) return null;
  const counts = Array.from({ length: rest.length / 2 }, (_, i) => {
    return { mode: rest[2 * i], count: rest[2 * i + 1] };
  });
  if (![...counts.map(({ mode }) => mode), high, low].every(isMode)) return null;
  return { step, home: [u, v], draws, counts, parts: parted === 1 ? [high, low] : null };
}

export function packTurned({ modes, paths }: Turned): Float32Array {
  const points = (paths[0]?.length ?? 0) / 3;
  return concatenate([[FORMAT.turned, modes.length, points], modes, ...paths]);
}

/** @returns null for what is no such answer */
export function unpackTurned(packed: Float32Array): Turned | null {
  const read = new Reader(packed);
  const [format, count, points] = read.take(3);
  if (format !== FORMAT.turned || ![count, points].every(isCount)) return null;
  if (packed.length !== read.at + count * (1 + 3 * points)) return null;
  const modes = modesOf(read.take(count));
  const paths = Array.from({ length: points > 0 ? count : 0 }, () => read.take(3 * points));
  return modes && { modes, paths };
}

class Reader {
  readonly #numbers: Float32Array;
  at = 0;

  constructor(numbers: Float32Array) {
    this.#numbers = numbers;
  }

  /** The next numbers, fewer where there are no more. */
  take(count: number): Float32Array {
    this.at += count;
    return this.#numbers.subarray(this.at - count, this.at);
  }
}

function modesOf(numbers: Float32Array): ModeIndex[] | null {
  const modes = [...numbers];
  return modes.every(isMode) ? modes : null;
}

function isMode(number: number): boolean {
  return Number.isInteger(number) && number >= INVALID;
}

function isCount(number: number): boolean {
  return Number.isInteger(number) && number >= 0;
}

function concatenate(parts: readonly ArrayLike<number>[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
