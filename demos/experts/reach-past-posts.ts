import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { distance, MAX_GRIPPER_OPENING, randomOf, SimError, type Vec3 } from '../../sim/index.ts';
import type { TaskScene } from '../../sim/tasks/task.ts';
import type { Expert, HandPose } from './expert.ts';

/** Speed along the path, m/s, ± SPEED_SPREAD of itself. */
const SPEED = 0.3;
const SPEED_SPREAD = 0.2;
/** Part of the speed used near the object. */
const SLOW = 0.6;
/** Height of the path beside the posts, m. */
const TRAVEL_HEIGHT = 0.11;
/** Way-points lie this far before and behind the posts, m. */
const APPROACH = 0.09;
const LIFT_HEIGHT = 0.15;
/**
 * Longest hesitation before setting off, s. While the hand rests, nothing yet tells one mode from
 * another: these frames are where all of them are demonstrated for the same observation.
 */
const HESITATION = 0.4;
/** Time constant of the hand's smoothing towards the moving way-point, s. */
const SMOOTHING = 0.12;
const CLOSE_TIME = 0.5;
const SETTLE_TIME = 0.5;
const HOLD_TIME = 0.8;
/** Largest distance from the way-point at which the descent may begin, m. */
const SETTLED = 0.004;
/** Standard deviation of the hand's tremor, m, and how fast it changes, s. */
const TREMOR = 0.0014;
const TREMOR_TIME = 0.5;

/** Where a row of posts is passed, m. */
export interface Way {
  readonly y: number;
  /** How far from there, at most, another demonstration passes. */
  readonly spread: number;
}

/** @throws SimError for a mode without a way */
export function wayOf(ways: Readonly<Record<string, Way>>, mode: string): Way {
  if (Object.hasOwn(ways, mode)) return ways[mode];
  throw new SimError(`mode: expected ${Object.keys(ways).join(' or ')}, got "${mode}"`);
}

/** Grasps the one ball of a scene. @param ways where its posts are passed, by mode */
export function graspPastPosts(
  { obstacles }: TaskScene,
  ways: Readonly<Record<string, Way>>,
): Expert {
  return {
    demonstrate: ({ objects }, start, mode, options) =>
      reachPastPosts(start, wayOf(ways, mode), obstacles[0].x, objects[0], options),
  };
}

/**
 * Reaches past a row of posts at working height, descends on a ball, closes, lifts and holds.
 *
 * @param start  pose of the hand
 * @param way    where it goes
 * @param postX  of the row, m
 * @param target centre of the ball, m
 * @param options as `Expert.demonstrate` takes them
 */
export function* reachPastPosts(
  start: HandPose,
  way: Way,
  postX: number,
  [ballX, ballY, ballZ]: Vec3,
  { controlHz, seed, noise }: { controlHz: number; seed: number; noise: number },
): Generator<HandPose> {
  const random = randomOf(seed);
  const within = (spread: number) => (2 * uniformFloat64(random) - 1) * spread * noise;
  const period = 1 / controlHz;
  const stride = SPEED * (1 + within(SPEED_SPREAD)) * period;
  const height = TRAVEL_HEIGHT + within(0.01);
  const side = (way.y < 0 ? -1 : 1) * (Math.abs(way.y) + within(way.spread));

  const hand = new SmoothedHand(start, period);
  const tremor = [0, 0, 0];
  // An Ornstein–Uhlenbeck process: the same trembling at every control rate.
  const keep = Math.exp(-period / TREMOR_TIME);
  const kick = noise * TREMOR * Math.sqrt(1 - keep * keep);
  const gaussian = () =>
    Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) *
    Math.cos(2 * Math.PI * uniformFloat64(random));
  const move = function* (to: Vec3, step: number): Generator<HandPose> {
    while (hand.advance(to, step)) {
      for (let i = 0; i < 3; i++) tremor[i] = keep * tremor[i] + kick * gaussian();
      yield hand.follow(MAX_GRIPPER_OPENING, tremor);
    }
  };
  const wait = function* (seconds: number, opening: number): Generator<HandPose> {
    for (let k = 0; k < seconds * controlHz; k++) yield hand.follow(opening);
  };

  yield* wait(HESITATION * noise * uniformFloat64(random), MAX_GRIPPER_OPENING);
  // Whoever takes over behind the posts has passed them.
  if (start.position[0] < postX + APPROACH) {
    yield* move([postX - APPROACH + within(0.01), side, height], stride);
    yield* move([postX + APPROACH + within(0.01), side, height], stride);
  }
  yield* move([ballX, ballY, height], stride);
  while (hand.lag > SETTLED) yield hand.follow(MAX_GRIPPER_OPENING);
  yield* move([ballX, ballY, ballZ], SLOW * stride);
  yield* wait(SETTLE_TIME, MAX_GRIPPER_OPENING);
  yield* wait(CLOSE_TIME, 0);
  const top: Vec3 = [ballX, ballY, ballZ + LIFT_HEIGHT];
  while (hand.advance(top, SLOW * stride)) yield hand.follow(0);
  yield* wait(HOLD_TIME, 0);
}

/** A hand that follows a point on the path with a first-order lag, as a person's does. */
class SmoothedHand {
  readonly #gain: number;
  #carrot: Vec3;
  #position: Vec3;
  #yaw: number;

  constructor(start: HandPose, period: number) {
    this.#gain = 1 - Math.exp(-period / SMOOTHING);
    this.#carrot = start.position;
    this.#position = start.position;
    this.#yaw = start.yaw;
  }

  /** Distance still to be made up, m. */
  get lag(): number {
    return distance(this.#carrot, this.#position);
  }

  /** Moves the point on the path by `step` m towards `to`; false once it has arrived. */
  advance(to: Vec3, step: number): boolean {
    const from = this.#carrot;
    const left = distance(from, to);
    if (left === 0) return false;
    const u = Math.min(1, step / left);
    this.#carrot = u === 1 ? to : lerp(from, to, u);
    return true;
  }

  /** Lets the hand follow for one control step. */
  follow(opening: number, tremor: readonly number[] = [0, 0, 0]): HandPose {
    this.#position = lerp(this.#position, this.#carrot, this.#gain);
    this.#yaw -= this.#gain * 0.5 * this.#yaw;
    const [x, y, z] = this.#position;
    return {
      position: [x + tremor[0], y + tremor[1], z + tremor[2]],
      yaw: this.#yaw,
      opening,
    };
  }
}

function lerp(a: Vec3, b: Vec3, u: number): Vec3 {
  return [a[0] + u * (b[0] - a[0]), a[1] + u * (b[1] - a[1]), a[2] + u * (b[2] - a[2])];
}
