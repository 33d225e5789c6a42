import type { ModeIndex } from '../../../../server/protocol/frames.ts';
import { createFrames, forwardKinematics } from '../../../../sim/arm/kinematics.ts';
import type { LaneId } from '../../../shared/lanes/lanes.ts';
import type { Curve } from '../../../shared/widgets/curves.ts';
import type { Track } from '../playback/track.ts';

const JOINTS = 7;

/** Where one plan would have the arm be. */
export interface PlannedCurves {
  /** Way that it takes. */
  readonly mode: ModeIndex;
  /** x, y and z, m. */
  readonly hand: readonly Curve[];
  /** rad */
  readonly joints: readonly Curve[];
  /** m */
  readonly opening: Curve;
}

/**
 * What was done in a view, as curves that grow with its frames.
 *
 * @cost of `update`: 10 µs a new frame
 */
export class ExecutedCurves {
  readonly #frames = createFrames();
  readonly #steps: number[] = [];
  readonly #joints: number[][] = Array.from({ length: JOINTS }, () => []);
  readonly #hand: number[][] = [[], [], []];
  readonly #opening: number[] = [];
  #track: Track | null = null;
  #lane: LaneId | null = null;

  /** Position of the hand: x, y and z, m. */
  get hand(): readonly Curve[] {
    return this.#hand.map((values) => ({ steps: this.#steps, values }));
  }

  /** Positions of the joints, rad. */
  get joints(): readonly Curve[] {
    return this.#joints.map((values) => ({ steps: this.#steps, values }));
  }

  /** Between the finger pads, m. */
  get opening(): Curve {
    return { steps: this.#steps, values: this.#opening };
  }

  /** Takes in what has come since, or all of another track or lane. */
  update(track: Track, lane: LaneId): void {
    if (track !== this.#track || lane !== this.#lane) this.#clear();
    this.#track = track;
    this.#lane = lane;
    for (const { step, joints, opening } of track.framesOf(lane, this.#steps.length)) {
      this.#steps.push(step);
      this.#opening.push(opening);
      for (let i = 0; i < JOINTS; i++) this.#joints[i].push(joints[i]);
      const { tcpPosition } = forwardKinematics(joints, this.#frames);
      for (let i = 0; i < 3; i++) this.#hand[i].push(tcpPosition[i]);
    }
  }

  #clear(): void {
    for (const values of [this.#steps, this.#opening, ...this.#joints, ...this.#hand]) {
      values.length = 0;
    }
  }
}

/**
 * What a view's plans, each of them acted on from its step on, would have the arm do. Row i of a
 * plan acts at control step i after it, and the arm is there a step later.
 */
export function plannedCurves(track: Track, lane: LaneId): readonly PlannedCurves[] {
  return track.fans(lane).flatMap(({ step, horizon, chunk, paths: [acted] }) => {
    if (!acted) return [];
    const steps = Array.from({ length: horizon }, (_, i) => step + i + 1);
    const column = (rows: Float32Array, at: number): Curve => {
      const width = rows.length / horizon;
      return { steps, values: steps.map((_, i) => rows[width * i + at]) };
    };
    return [
      {
        mode: acted.mode,
        hand: [0, 1, 2].map((axis) => column(acted.points, axis)),
        joints: Array.from({ length: JOINTS }, (_, joint) => column(chunk, joint)),
        opening: column(chunk, JOINTS),
      },
    ];
  });
}
