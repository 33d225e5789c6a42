/**
 * Binary messages: one Float32Array each, because frames come at the control rate and numbers in
 * JSON lose NaN, −0 and time. Both sides pack and unpack with these functions alone.
 */

/** What one policy's world looks like at a control step. */
export interface LaneFrame {
  /** 7 joint positions, rad. */
  readonly joints: ArrayLike<number>;
  /** Between the finger pads, m. */
  readonly opening: number;
  /** Position of the object, m. */
  readonly object: ArrayLike<number>;
  readonly contact: boolean;
  readonly success: boolean;
  /** The episode is over: nothing will change until the next one. */
  readonly ended: boolean;
}

export interface StageFrame {
  /** Counts up from 1; an older frame that arrives late is dropped. */
  readonly sequence: number;
  /** Control step of the episode. */
  readonly step: number;
  readonly lanes: readonly LaneFrame[];
}

const FRAME_HEADER = 3;
const LANE_SIZE = 12;
const FLAG = { contact: 1, success: 2, ended: 4 } as const;

export function packFrame({ sequence, step, lanes }: StageFrame): Float32Array {
  const packed = new Float32Array(FRAME_HEADER + lanes.length * LANE_SIZE);
  packed.set([sequence, step, lanes.length]);
  lanes.forEach(({ joints, opening, object, contact, success, ended }, i) => {
    const at = FRAME_HEADER + i * LANE_SIZE;
    packed.set(joints, at);
    packed[at + 7] = opening;
    packed.set(object, at + 8);
    packed[at + 11] =
      (contact ? FLAG.contact : 0) + (success ? FLAG.success : 0) + (ended ? FLAG.ended : 0);
  });
  return packed;
}

/** @returns null for bytes that are no frame */
export function unpackFrame(packed: Float32Array): StageFrame | null {
  const [sequence, step, lanes] = packed;
  if (packed.length < FRAME_HEADER || packed.length !== FRAME_HEADER + lanes * LANE_SIZE) {
    return null;
  }
  return {
    sequence,
    step,
    lanes: Array.from({ length: lanes }, (_, i) => {
      const lane = packed.subarray(
        FRAME_HEADER + i * LANE_SIZE,
        FRAME_HEADER + (i + 1) * LANE_SIZE,
      );
      const flags = lane[11];
      return {
        joints: lane.subarray(0, 7),
        opening: lane[7],
        object: lane.subarray(8, 11),
        contact: (flags & FLAG.contact) !== 0,
        success: (flags & FLAG.success) !== 0,
        ended: (flags & FLAG.ended) !== 0,
      };
    }),
  };
}

/** What a plan does at the obstacle, as a number; the place in this list is the code. */
export const PLAN_MODES = ['none', 'invalid', 'left', 'right'] as const;
export type PlanMode = (typeof PLAN_MODES)[number];

/** The futures one policy drew at one inference. The first is the one it acts on. */
export interface Fan {
  readonly lane: number;
  /** Control step of the inference. */
  readonly step: number;
  /** Network evaluations of the plan. */
  readonly nfe: number;
  /** Time the plan that is acted on took, alone, ms. */
  readonly milliseconds: number;
  /** Points a path. */
  readonly horizon: number;
  readonly paths: readonly {
    readonly mode: PlanMode;
    /** [horizon, 3] positions of the TCP, m. */
    readonly points: Float32Array;
  }[];
}

const FAN_HEADER = 6;

export function packFan({ lane, step, nfe, milliseconds, horizon, paths }: Fan): Float32Array {
  const size = 1 + 3 * horizon;
  const packed = new Float32Array(FAN_HEADER + paths.length * size);
  packed.set([lane, step, nfe, milliseconds, horizon, paths.length]);
  paths.forEach(({ mode, points }, i) => {
    packed[FAN_HEADER + i * size] = PLAN_MODES.indexOf(mode);
    packed.set(points, FAN_HEADER + i * size + 1);
  });
  return packed;
}

/** @returns null for bytes that are no fan */
export function unpackFan(packed: Float32Array): Fan | null {
  const [lane, step, nfe, milliseconds, horizon, count] = packed;
  const size = 1 + 3 * horizon;
  if (packed.length < FAN_HEADER || packed.length !== FAN_HEADER + count * size) return null;
  return {
    lane,
    step,
    nfe,
    milliseconds,
    horizon,
    paths: Array.from({ length: count }, (_, i) => {
      const at = FAN_HEADER + i * size;
      return { mode: PLAN_MODES[packed[at]] ?? 'none', points: packed.subarray(at + 1, at + size) };
    }),
  };
}

/**
 * A message's bytes as numbers. Bytes from a socket may begin at any address of a larger buffer,
 * where no Float32Array can; a copy begins at its own.
 *
 * @returns null where the length is no whole number of f32
 */
export function toFloats(bytes: ArrayBuffer | Uint8Array): Float32Array | null {
  if (bytes.byteLength % 4 !== 0) return null;
  // Not `slice`, which for a Buffer copies nothing.
  const copy = new Uint8Array(bytes instanceof ArrayBuffer ? bytes.slice(0) : bytes);
  return new Float32Array(copy.buffer);
}
