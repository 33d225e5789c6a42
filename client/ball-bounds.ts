import { BALL_BOUNDS } from '../sim/tasks/left-right.ts';

/** The task takes its bounds literally, and a bound rounded to f32 can lie beyond itself. m */
const MARGIN = 0.001;

/** Where the ball may be put, m. */
export const BALL_PLACES = {
  x: [BALL_BOUNDS.x[0] + MARGIN, BALL_BOUNDS.x[1] - MARGIN],
  y: [BALL_BOUNDS.y[0] + MARGIN, BALL_BOUNDS.y[1] - MARGIN],
} as const;

/** The nearest place the ball may be put, to the millimetre. */
export function ballPlace(x: number, y: number): readonly [x: number, y: number] {
  return [inside(x, BALL_PLACES.x), inside(y, BALL_PLACES.y)];
}

function inside(value: number, [low, high]: readonly [number, number]): number {
  const rounded = Math.round(Math.max(low, Math.min(high, value)) * 1000) / 1000;
  // −0 would be written as 0 and come back as another number.
  return rounded === 0 ? 0 : rounded;
}
