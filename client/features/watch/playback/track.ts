// Not from the index: it would bring the schemas and their library, which the page has no use for.
import {
  laneSize,
  type ModeIndex,
  NO_MODE,
  packLane,
  unpackLane,
} from '../../../../server/protocol/frames.ts';
import type { Fan, StageEpisode, StageFrame } from '../../../../server/protocol/index.ts';
import type { LaneId } from '../../../shared/lanes/lanes.ts';

const FIRST_CAPACITY = 256;

/** One lane's world at some moment, between two frames. Reused by the next `sample`. */
export interface LaneSample {
  /** 7 joint positions, rad. */
  readonly joints: Float32Array;
  /** m */
  opening: number;
  /** Position of each object, m, in the task's order. */
  readonly objects: Float32Array[];
  contact: boolean;
  success: boolean;
  ended: boolean;
  /** How the hand has passed the obstacles. */
  mode: ModeIndex;
  /** Place of the object that is held up; −1 where none is. */
  lifted: number;
}

export function createSample(): LaneSample {
  return {
    joints: new Float32Array(7),
    opening: 0,
    objects: [],
    contact: false,
    success: false,
    ended: false,
    mode: NO_MODE,
    lifted: -1,
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
  readonly #objects: number;
  readonly #fans: Fan[][];
  readonly #marks: Marks[];
  #steps = new Float32Array(FIRST_CAPACITY);
  #numbers: Float32Array;
  #count = 0;

  constructor(info: StageEpisode, lanes: readonly LaneId[]) {
    this.info = info;
    this.lanes = lanes;
    this.#objects = info.objects.length;
    this.#numbers = new Float32Array(FIRST_CAPACITY * lanes.length * laneSize(this.#objects));
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

  /** @returns false for a frame that is not newer than all others, or of another episode */
  addFrame({ episodeId, step, lanes }: StageFrame): boolean {
    if (episodeId !== this.info.id || lanes.length !== this.lanes.length) return false;
    if (lanes.some(({ objects }) => objects.length !== this.#objects)) return false;
    if (this.#count > 0 && step <= this.lastStep) return false;
    if (this.#count === this.#steps.length) this.#grow();
    const at = this.#count++;
    this.#steps[at] = step;
    lanes.forEach((state, lane) => {
      packLane(state, this.#numbers, this.#offset(at, lane));
      const marks = this.#marks[lane];
      if (state.contact) marks.contact ??= step;
      if (state.success) marks.success ??= step;
      if (state.ended) marks.ended ??= step;
    });
    return true;
  }

  /** @returns false for a fan that is not newer than its lane's others, or of another episode */
  addFan(fan: Fan): boolean {
    const fans = this.#fans[fan.lane];
    if (!fans || fan.episodeId !== this.info.id) return false;
    const newest = fans.at(-1);
    if (newest && fan.step <= newest.step) return false;
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
    const a = unpackLane(this.#numbers, this.#offset(before, index), this.#objects);
    const b = unpackLane(this.#numbers, this.#offset(after, index), this.#objects);
    const between = (from: number, to: number) => from + u * (to - from);
    for (let i = 0; i < 7; i++) out.joints[i] = between(a.joints[i], b.joints[i]);
    out.opening = between(a.opening, b.opening);
    while (out.objects.length < this.#objects) out.objects.push(new Float32Array(3));
    out.objects.length = this.#objects;
    for (let k = 0; k < this.#objects; k++) {
      const position = out.objects[k];
      for (let i = 0; i < 3; i++) position[i] = between(a.objects[k][i], b.objects[k][i]);
    }
    out.contact = a.contact;
    out.success = a.success;
    out.ended = a.ended;
    out.mode = a.mode;
    out.lifted = a.lifted;
    return true;
  }

  /** Joint positions of a lane's frames up to a step, rad, oldest first. */
  *jointsUntil(lane: LaneId, step: number): Generator<ArrayLike<number>> {
    const index = this.lanes.indexOf(lane);
    if (index < 0) return;
    for (let i = 0; i < this.#count && this.#steps[i] <= step; i++) {
      yield unpackLane(this.#numbers, this.#offset(i, index), this.#objects).joints;
    }
  }

  /** All that frames up to a step say of all lanes, as it was received, oldest first. */
  *framesUntil(step: number): Generator<{ readonly step: number; readonly numbers: Float32Array }> {
    for (let i = 0; i < this.#count && this.#steps[i] <= step; i++) {
      const numbers = this.#numbers.subarray(this.#offset(i, 0), this.#offset(i + 1, 0));
      yield { step: this.#steps[i], numbers };
    }
  }

  /** Frames of a lane from a place on, oldest first. Their arrays are views: read, and not kept. */
  *framesOf(
    lane: LaneId,
    from: number,
  ): Generator<{
    readonly step: number;
    /** 7 positions, rad. */
    readonly joints: ArrayLike<number>;
    /** m */
    readonly opening: number;
  }> {
    const index = this.lanes.indexOf(lane);
    if (index < 0) return;
    for (let i = from; i < this.#count; i++) {
      const at = this.#offset(i, index);
      const { joints, opening } = unpackLane(this.#numbers, at, this.#objects);
      yield { step: this.#steps[i], joints, opening };
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

  /** Where a frame's lane is packed. */
  #offset(frame: number, lane: number): number {
    return (frame * this.lanes.length + lane) * laneSize(this.#objects);
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
