import type { Fan, StageEpisode, StageFrame } from '../../server/protocol/index.ts';
import type { LaneId } from '../lanes.ts';

/** 7 joints, opening, object (3), flags: as a frame packs a lane. */
const LANE_SIZE = 12;
const FIRST_CAPACITY = 256;
const FLAG = { contact: 1, success: 2, ended: 4 } as const;

/** One lane's world at some moment, between two frames. Reused by the next `sample`. */
export interface LaneSample {
  /** 7 joint positions, rad. */
  readonly joints: Float32Array;
  /** m */
  opening: number;
  /** Position of the object, m. */
  readonly object: Float32Array;
  contact: boolean;
  success: boolean;
  ended: boolean;
}

export function createSample(): LaneSample {
  return {
    joints: new Float32Array(7),
    opening: 0,
    object: new Float32Array(3),
    contact: false,
    success: false,
    ended: false,
  };
}

/** Control steps at which something happened to a lane; null where it has not. */
export interface Marks {
  contact: number | null;
  success: number | null;
  ended: number | null;
}

/** All that has been received of one episode, to be looked at from any of its moments. */
export class Track {
  readonly info: StageEpisode;
  /** What each lane of its frames is. */
  readonly lanes: readonly LaneId[];
  readonly #fans: Fan[][];
  readonly #marks: Marks[];
  #steps = new Float32Array(FIRST_CAPACITY);
  #numbers: Float32Array;
  #count = 0;

  constructor(info: StageEpisode, lanes: readonly LaneId[]) {
    this.info = info;
    this.lanes = lanes;
    this.#numbers = new Float32Array(FIRST_CAPACITY * lanes.length * LANE_SIZE);
    this.#fans = lanes.map(() => []);
    this.#marks = lanes.map(() => ({ contact: null, success: null, ended: null }));
  }

  get empty(): boolean {
    return this.#count === 0;
  }

  get firstStep(): number {
    return this.#count > 0 ? this.#steps[0] : 0;
  }

  /** Control step of the newest frame. */
  get lastStep(): number {
    return this.#count > 0 ? this.#steps[this.#count - 1] : 0;
  }

  /** @returns false for a frame that is not newer than all others, or of another stage */
  addFrame({ step, lanes }: StageFrame): boolean {
    if (lanes.length !== this.lanes.length || (this.#count > 0 && step <= this.lastStep)) {
      return false;
    }
    if (this.#count === this.#steps.length) this.#grow();
    const at = this.#count++;
    this.#steps[at] = step;
    lanes.forEach(({ joints, opening, object, contact, success, ended }, lane) => {
      const o = (at * this.lanes.length + lane) * LANE_SIZE;
      this.#numbers.set(joints, o);
      this.#numbers[o + 7] = opening;
      this.#numbers.set(object, o + 8);
      this.#numbers[o + 11] =
        (contact ? FLAG.contact : 0) + (success ? FLAG.success : 0) + (ended ? FLAG.ended : 0);
      const marks = this.#marks[lane];
      if (contact) marks.contact ??= step;
      if (success) marks.success ??= step;
      if (ended) marks.ended ??= step;
    });
    return true;
  }

  addFan(fan: Fan): boolean {
    const fans = this.#fans[fan.lane];
    const newest = fans?.at(-1);
    if (!fans || (newest && fan.step <= newest.step)) return false;
    fans.push(fan);
    return true;
  }

  fans(lane: LaneId): readonly Fan[] {
    return this.#fans[this.lanes.indexOf(lane)] ?? [];
  }

  /** The plan in force at a step. */
  fanAt(lane: LaneId, step: number): Fan | null {
    return this.fans(lane).findLast((fan) => fan.step <= step) ?? null;
  }

  marks(lane: LaneId): Readonly<Marks> | null {
    return this.#marks[this.lanes.indexOf(lane)] ?? null;
  }

  /**
   * A lane's world at a step, which may lie between two frames.
   *
   * @param out is filled; what has happened shows from the frame on that reported it
   * @returns false where there is nothing to show
   */
  sample(lane: LaneId, step: number, out: LaneSample): boolean {
    const index = this.lanes.indexOf(lane);
    if (index < 0 || this.#count === 0) return false;
    const before = this.#indexAt(step);
    const after = Math.min(before + 1, this.#count - 1);
    const span = this.#steps[after] - this.#steps[before];
    const u = span > 0 ? Math.max(0, Math.min(1, (step - this.#steps[before]) / span)) : 0;
    const a = (before * this.lanes.length + index) * LANE_SIZE;
    const b = (after * this.lanes.length + index) * LANE_SIZE;
    const numbers = this.#numbers;
    const between = (i: number) => numbers[a + i] + u * (numbers[b + i] - numbers[a + i]);
    for (let i = 0; i < 7; i++) out.joints[i] = between(i);
    out.opening = between(7);
    for (let i = 0; i < 3; i++) out.object[i] = between(8 + i);
    const flags = numbers[a + 11];
    out.contact = (flags & FLAG.contact) !== 0;
    out.success = (flags & FLAG.success) !== 0;
    out.ended = (flags & FLAG.ended) !== 0;
    return true;
  }

  /** Joint positions of a lane's frames up to a step, rad, oldest first. */
  *jointsUntil(lane: LaneId, step: number): Generator<Float32Array> {
    const index = this.lanes.indexOf(lane);
    if (index < 0) return;
    for (let i = 0; i < this.#count && this.#steps[i] <= step; i++) {
      const o = (i * this.lanes.length + index) * LANE_SIZE;
      yield this.#numbers.subarray(o, o + 7);
    }
  }

  /** The last frame at or before a step, or the first one. */
  #indexAt(step: number): number {
    let low = 0;
    let high = this.#count - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#steps[middle] <= step) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #grow(): void {
    const steps = new Float32Array(2 * this.#steps.length);
    steps.set(this.#steps);
    this.#steps = steps;
    const numbers = new Float32Array(2 * this.#numbers.length);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
  }
}
