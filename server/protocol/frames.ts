/**
 * Binary messages: one Float32Array each, because frames come at the control rate and numbers in
 * JSON lose NaN, −0 and time. Both sides pack and unpack with these functions alone.
 */

/** Neither the path nor the plan has come past the obstacles. */
export const NO_MODE = -1;
/** The plan runs into an obstacle. */
export const INVALID = -2;
/** A mode's place among the modes of the task, or `NO_MODE`, or `INVALID`. */
export type ModeIndex = number;

/**
 * @param name of one of the modes, 'invalid', or null
 * @throws Error for another name
 */
export function modeIndex(
  modes: readonly { readonly name: string }[],
  name: string | null,
): ModeIndex {
  if (name === null) return NO_MODE;
  if (name === 'invalid') return INVALID;
  const index = modes.findIndex((mode) => mode.name === name);
  if (index >= 0) return index;
  throw new Error(`mode: expected ${modes.map((mode) => mode.name).join(', ')}, got "${name}"`);
}

/**
 * First number of every frame and fan: the layout that follows it. Below zero, as a message of the
 * layout before it began with the number of an episode or of a lane.
 */
export const FRAME_FORMAT = -4;

/** Why bytes are no frame, or no fan, of an episode. */
export type FrameProblem = 'malformed' | 'other format' | 'unknown mode';

/** What is said of a frame that another version of the server sends. */
export function explainFrame(problem: FrameProblem): string {
  return (
    `frame: expected format ${FRAME_FORMAT} and modes of the task that is shown, got one of ` +
    `${problem === 'malformed' ? 'no known form' : `an ${problem}`}; reload the page, so that it ` +
    'is of the same version as the server'
  );
}

/** What one policy's world looks like at a control step. */
export interface LaneFrame {
  /** 7 joint positions, rad. */
  readonly joints: ArrayLike<number>;
  /** Between the finger pads, m. */
  readonly opening: number;
  readonly contact: boolean;
  readonly success: boolean;
  /** The episode is over: nothing will change until the next one. */
  readonly ended: boolean;
  /** How the hand has passed the obstacles so far. */
  readonly mode: ModeIndex;
  /** Place of the object that is held up among the objects; −1 where none is. */
  readonly lifted: number;
  /** Position of each object, m, in the task's order. */
  readonly objects: readonly ArrayLike<number>[];
}

export interface StageFrame {
  /** The episode it belongs to, as `StageEpisode.id` named it: one that had to wait may come late. */
  readonly episodeId: number;
  /** Control step of the episode. */
  readonly step: number;
  readonly lanes: readonly LaneFrame[];
}

/** Ids of episodes start over here: up to this f32 tells whole numbers apart. */
export const EPISODE_IDS = 2 ** 24;

/** Where a packed frame, and a packed fan, has the number of its episode. */
export const EPISODE_AT = { frame: 1, fan: 2 } as const;

const FRAME_HEADER = 6;
/** Where a packed frame has the time at which it was made. */
const MADE_AT = 5;
/** Milliseconds after which the clock of frames starts over: up to this f32 tells whole ones apart. */
const CLOCK = 2 ** 24;
/** Numbers of a packed lane before its objects: 7 joints, opening, flags, mode, lifted. */
const LANE_HEAD = 11;
const FLAG = { contact: 1, success: 2, ended: 4 } as const;

/** Numbers of a packed lane. */
export function laneSize(objects: number): number {
  return LANE_HEAD + 3 * objects;
}

/** The time as frames carry it: ms of this machine's clock, of which 4.6 hours are told apart. */
export function frameClock(): number {
  return Date.now() % CLOCK;
}

/** How long ago a packed frame was made, ms, where its maker's clock is this machine's. */
export function ageOfFrame(packed: Float32Array): number {
  return (frameClock() - packed[MADE_AT] + CLOCK) % CLOCK;
}

/** What a packed frame shows, without when it was made and which number its episode has on a stage. */
export function contentOf(packed: Float32Array): Float32Array {
  const content = packed.slice();
  content[MADE_AT] = 0;
  content[EPISODE_AT.frame] = 0;
  return content;
}

/** @param madeAt as `frameClock` tells it */
export function packFrame({ episodeId, step, lanes }: StageFrame, madeAt = 0): Float32Array {
  const objects = lanes[0]?.objects.length ?? 0;
  const size = laneSize(objects);
  const packed = new Float32Array(FRAME_HEADER + lanes.length * size);
  packed.set([FRAME_FORMAT, episodeId, step, lanes.length, objects, madeAt]);
  lanes.forEach((lane, i) => {
    packLane(lane, packed, FRAME_HEADER + i * size);
  });
  return packed;
}

/** Writes a lane as `laneSize` numbers. */
export function packLane(
  { joints, opening, contact, success, ended, mode, lifted, objects }: LaneFrame,
  target: Float32Array,
  at: number,
): void {
  target.set(joints, at);
  target[at + 7] = opening;
  target[at + 8] =
    (contact ? FLAG.contact : 0) + (success ? FLAG.success : 0) + (ended ? FLAG.ended : 0);
  target[at + 9] = mode;
  target[at + 10] = lifted;
  objects.forEach((position, i) => {
    target.set(position, at + LANE_HEAD + 3 * i);
  });
}

/** Reads what `packLane` wrote. Its arrays are views: they change with their source. */
export function unpackLane(source: Float32Array, at: number, objects: number): LaneFrame {
  const flags = source[at + 8];
  return {
    joints: source.subarray(at, at + 7),
    opening: source[at + 7],
    contact: (flags & FLAG.contact) !== 0,
    success: (flags & FLAG.success) !== 0,
    ended: (flags & FLAG.ended) !== 0,
    mode: source[at + 9],
    lifted: source[at + 10],
    objects: Array.from({ length: objects }, (_, i) => {
      const from = at + LANE_HEAD + 3 * i;
      return source.subarray(from, from + 3);
    }),
  };
}

/**
 * @param modes how many the task has
 * @returns why it is refused, where it is no frame of such a task
 */
export function unpackFrame(packed: Float32Array, modes: number): StageFrame | FrameProblem {
  const [format, episodeId, step, lanes, objects] = packed;
  if (format !== FRAME_FORMAT) return 'other format';
  if (!isCount(lanes) || !isCount(objects)) return 'malformed';
  const size = laneSize(objects);
  if (packed.length !== FRAME_HEADER + lanes * size) return 'malformed';
  const unpacked = Array.from({ length: lanes }, (_, i) =>
    unpackLane(packed, FRAME_HEADER + i * size, objects),
  );
  if (!unpacked.every(({ mode }) => isMode(mode, modes))) return 'unknown mode';
  return { episodeId, step, lanes: unpacked };
}

function isMode(mode: number, modes: number): boolean {
  return Number.isInteger(mode) && mode >= INVALID && mode < modes;
}

function isCount(number: number): boolean {
  return Number.isInteger(number) && number >= 0;
}

/** Where a policy's network looked while it made the plan that is acted on. */
export interface PlanAttention {
  /** Tokens it looked at: as many as `LaneInfo.tokens` names. */
  readonly tokens: number;
  /**
   * [columns, tokens], the first network evaluations first: means over heads, attention blocks and
   * the chunk. Each column sums to 1.
   */
  readonly weights: Float32Array;
}

/** The futures one policy drew at one inference. The first is the one it acts on. */
export interface Fan {
  readonly lane: number;
  /** The episode it belongs to, as `StageEpisode.id` named it. */
  readonly episodeId: number;
  /** Control step of the inference. */
  readonly step: number;
  /** Network evaluations of the plan. */
  readonly nfe: number;
  /** Time the plan that is acted on took, alone, ms. */
  readonly milliseconds: number;
  /** Points a path. */
  readonly horizon: number;
  readonly paths: readonly {
    readonly mode: ModeIndex;
    /** [horizon, 3] positions of the TCP, m. */
    readonly points: Float32Array;
  }[];
  /** [horizon, Da] of the plan that is acted on: joint positions, rad, and gripper opening, m. */
  readonly chunk: Float32Array;
  /** Null where it was not asked for, and for a policy that reads nothing. */
  readonly attention: PlanAttention | null;
}

const FAN_HEADER = 11;

const NO_ATTENTION: PlanAttention = { tokens: 0, weights: new Float32Array(0) };

export function packFan(fan: Fan): Float32Array {
  const { lane, episodeId, step, nfe, milliseconds, horizon, paths, chunk, attention } = fan;
  const size = 1 + 3 * horizon;
  const { tokens, weights } = attention ?? NO_ATTENTION;
  const columns = tokens > 0 ? weights.length / tokens : 0;
  const width = horizon > 0 ? chunk.length / horizon : 0;
  const drawn = FAN_HEADER + paths.length * size;
  const end = drawn + chunk.length;
  const packed = new Float32Array(end + weights.length);
  const shape = [horizon, paths.length, width, tokens, columns];
  packed.set([FRAME_FORMAT, lane, episodeId, step, nfe, milliseconds, ...shape]);
  packed.set(chunk, drawn);
  packed.set(weights, end);
  paths.forEach(({ mode, points }, i) => {
    packed[FAN_HEADER + i * size] = mode;
    packed.set(points, FAN_HEADER + i * size + 1);
  });
  return packed;
}

/** The lane that a packed fan is of. */
export function laneOfFan(packed: Float32Array): number {
  return packed[1];
}

/**
 * @param modes how many the task has
 * @returns why it is refused, where it is no fan of such a task
 */
export function unpackFan(packed: Float32Array, modes: number): Fan | FrameProblem {
  const [format, lane, episodeId, step, nfe, milliseconds, ...rest] = packed.subarray(
    0,
    FAN_HEADER,
  );
  const [horizon, count, width, tokens, columns] = rest;
  if (format !== FRAME_FORMAT) return 'other format';
  if (![horizon, count, width, tokens, columns].every(isCount)) return 'malformed';
  const size = 1 + 3 * horizon;
  const drawn = FAN_HEADER + count * size;
  const end = drawn + horizon * width;
  if (packed.length !== end + tokens * columns) return 'malformed';
  const paths = Array.from({ length: count }, (_, i) => {
    const at = FAN_HEADER + i * size;
    return { mode: packed[at], points: packed.subarray(at + 1, at + size) };
  });
  if (!paths.every(({ mode }) => isMode(mode, modes))) return 'unknown mode';
  return {
    lane,
    episodeId,
    step,
    nfe,
    milliseconds,
    horizon,
    paths,
    chunk: packed.subarray(drawn, end),
    attention: tokens * columns > 0 ? { tokens, weights: packed.subarray(end) } : null,
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
