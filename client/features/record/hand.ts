import { distance, type Vec3 } from '../../../sim/index.ts';
import { clampToWorkspace } from './workspace.ts';

/** Speed of the hand under a held key, m/s. */
export const KEY_SPEED = 0.25;
/** Fastest it follows what a pointer asks for, m/s. */
const TOP_SPEED = 0.5;
/** Time constant with which it follows, s: people do not move in corners. */
const SMOOTHING = 0.1;
/** Time constant with which the hand turns straight, s. */
const STRAIGHTENING = 0.6;
/** Nearer than this it has arrived, m. */
const ARRIVED = 0.0005;

export interface HandPose {
  /** Of the TCP, m. */
  readonly position: Vec3;
  /** About the vertical, rad. */
  readonly yaw: number;
}

/** Where the hand is asked to be, and on its way there. */
export class HandTarget {
  readonly #period: number;
  #goal: Vec3;
  #position: Vec3;
  #yaw: number;

  /** @param period control period, s */
  constructor({ position, yaw }: HandPose, period: number) {
    this.#period = period;
    this.#goal = position;
    this.#position = position;
    this.#yaw = yaw;
  }

  get position(): Vec3 {
    return this.#position;
  }

  get arrived(): boolean {
    return distance(this.#goal, this.#position) < ARRIVED;
  }

  /** Asks for a place; the nearest one within reach counts. */
  moveTo(place: Vec3): void {
    this.#goal = clampToWorkspace(place);
  }

  moveBy([x, y, z]: Vec3): void {
    const [gx, gy, gz] = this.#goal;
    this.moveTo([gx + x, gy + y, gz + z]);
  }

  /** Stops where it is. */
  hold(): void {
    this.#goal = this.#position;
  }

  /** Goes on by one control period. */
  advance(): HandPose {
    const gain = 1 - Math.exp(-this.#period / SMOOTHING);
    const away = distance(this.#goal, this.#position);
    const stride = Math.min(gain * away, TOP_SPEED * this.#period);
    const u = away < ARRIVED ? 1 : stride / away;
    const from = this.#position;
    const to = this.#goal;
    this.#position = [
      from[0] + u * (to[0] - from[0]),
      from[1] + u * (to[1] - from[1]),
      from[2] + u * (to[2] - from[2]),
    ];
    this.#yaw *= Math.exp(-this.#period / STRAIGHTENING);
    return { position: this.#position, yaw: this.#yaw };
  }
}
