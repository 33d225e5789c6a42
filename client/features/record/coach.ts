import { distance, type Vec3 } from '../../../sim/index.ts';
import { BALL } from '../../../sim/tasks/behind-posts.ts';

/** What a demonstrator does, in order. */
export const COACH_STEPS = ['around', 'above', 'lower', 'close', 'lift'] as const;
export type CoachStep = (typeof COACH_STEPS)[number] | 'done' | 'spoiled';

/** Near enough to be over the ball, m. */
const OVER_BALL = 0.015;
/** The gripper closed around the ball is narrower than this, m. */
const HOLDING = 2 * BALL.radius + 0.006;
/** The hand is past the obstacles when it is this far behind them, m. */
const BEHIND = 0.06;

export interface CoachView {
  readonly tcp: Vec3;
  /** The ball to take. */
  readonly ball: Vec3;
  /** Between the finger pads, m. */
  readonly opening: number;
  /** What the gripper is told. */
  readonly closing: boolean;
  /** Where the farthest obstacle stands, m. */
  readonly obstacleX: number;
  readonly success: boolean;
  /** Success is out of reach: an obstacle was touched or crossed above, or the ball is gone. */
  readonly spoiled: boolean;
}

/** What to do next. */
export function coach({
  tcp,
  ball,
  opening,
  closing,
  obstacleX,
  success,
  spoiled,
}: CoachView): CoachStep {
  if (success) return 'done';
  if (spoiled) return 'spoiled';
  const inGrasp = distance(tcp, ball) < BALL.radius;
  if (closing && inGrasp && opening < HOLDING) return 'lift';
  if (tcp[0] < obstacleX + BEHIND) return 'around';
  const over = Math.hypot(tcp[0] - ball[0], tcp[1] - ball[1]) < OVER_BALL;
  if (!over) return 'above';
  return inGrasp && tcp[2] - ball[2] < 0.012 ? 'close' : 'lower';
}
