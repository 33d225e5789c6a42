import type { World } from '@dimforge/rapier3d-compat';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { SimError } from '../errors.ts';
import type { Rapier } from '../physics.ts';
import { randomOf } from '../random.ts';
import {
  BALL,
  buildBall,
  buildTableAndPost,
  checkStart,
  classifyPath,
  drawHandStart,
  isHeldUp,
  judgePassage,
} from './post-scene.ts';
import type { InitialState, Moment, Progress, SceneHandles, Task } from './task.ts';

export { BALL, POST } from './post-scene.ts';

/** Range the ball's start is drawn from, m: centre ± spread. */
const BALL_START = { centre: [0.68, 0], spread: [0.02, 0.03] } as const;

/** Reachable, and behind the post; one ball has none to keep away from. */
const PLACING = { x: [0.6, 0.74], y: [-0.12, 0.12], apart: 0 } as const;

/** How long the ball must stay lifted and held, s. */
const HOLD_TIME = 0.5;

function sampleInitialState(seed: number): InitialState {
  const random = randomOf(seed);
  const around = (centre: number, spread: number) =>
    centre + (2 * uniformFloat64(random) - 1) * spread;
  const hand = drawHandStart(around, seed);
  const [x, y] = BALL_START.centre.map((centre, i) => around(centre, BALL_START.spread[i]));
  return { ...hand, objects: [[Math.fround(x), Math.fround(y), Math.fround(BALL.radius)]] };
}

function validateInitialState(state: InitialState): void {
  checkStart(state, ['ball'], PLACING);
  if (state.instruction !== undefined) {
    throw new SimError(
      'initial state: expected no instruction (task left-right has one ball to lift), got ' +
        JSON.stringify(state.instruction.slice(0, 80)),
    );
  }
}

function build(rapier: Rapier, world: World, initial: InitialState): SceneHandles {
  const obstacle = buildTableAndPost(rapier, world);
  const ball = buildBall(rapier, world, initial.objects[0]);
  return { objects: [ball.handle], obstacle };
}

function judge(progress: Progress, moment: Moment): Progress {
  const passage = judgePassage(progress, moment);
  const held = isHeldUp(moment.objects[0], moment.tcp) ? progress.held + moment.dt : 0;
  const { contact, overObstacle, lost, mode } = passage;
  const barred = contact || overObstacle || lost || mode === null;
  const success = !barred && (progress.success || held >= HOLD_TIME);
  return { ...passage, held, success, lifted: held > 0 ? 'ball' : null };
}

/** Grasp a ball behind a post, past the left or past the right of it. */
export const leftRight: Task = {
  name: 'left-right',
  title: 'Grasp the ball behind the post',
  instruction: 'Pick up the ball without touching the post.',
  modes: ['left', 'right'],
  timeLimit: 8,
  environmentNames: ['ball.x', 'ball.y', 'ball.z', 'tcp.x', 'tcp.y', 'tcp.z'],
  objectNames: ['ball'],
  placing: PLACING,
  sampleInitialState,
  validateInitialState,
  build,
  environmentState: (tcp, objects) => [...objects[0], ...tcp],
  judge,
  classifyPath,
};
