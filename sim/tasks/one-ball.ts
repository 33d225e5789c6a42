import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { SimError } from '../errors.ts';
import { randomOf } from '../random.ts';
import {
  BALL,
  buildBall,
  buildTableAndPosts,
  checkStart,
  drawHandStart,
  judgeGrasp,
  type Passage,
  passageOf,
} from './behind-posts.ts';
import type { InitialState, Mode, Task, TaskScene } from './task.ts';

const OBJECTS = ['ball'] as const;
/** Range the ball's start is drawn from, m: centre ± spread. */
const BALL_START = { centre: [0.68, 0], spread: [0.02, 0.03] } as const;

/** Reachable, and behind the posts; one ball has none to keep away from. */
const PLACING = { x: [0.6, 0.74], y: [-0.12, 0.12], apart: 0 } as const;

type Rules = Pick<
  Task,
  | 'environmentNames'
  | 'objectNames'
  | 'placing'
  | 'sampleInitialState'
  | 'validateInitialState'
  | 'build'
  | 'environmentState'
  | 'judge'
  | 'classifyPath'
  | 'lateralOffset'
>;

/**
 * What the tasks have in common in which one ball is to be grasped behind a row of posts.
 *
 * @param name    of the task, for what is said of a start that is none of its
 * @param passage how ways past the posts are told apart. @default beside the first of them, between
 *                each two, beside the last
 * @throws SimError where modes and posts do not fit, as `passageOf`
 */
export function graspOneBall(
  name: string,
  scene: TaskScene,
  modes: readonly Mode[],
  passage: Passage = passageOf(scene.obstacles, modes),
): Rules {
  return {
    environmentNames: ['ball.x', 'ball.y', 'ball.z', 'tcp.x', 'tcp.y', 'tcp.z'],
    objectNames: OBJECTS,
    placing: PLACING,
    sampleInitialState,
    validateInitialState: (state) => validateInitialState(name, state),
    build(rapier, world, initial) {
      const obstacles = buildTableAndPosts(rapier, world, scene.obstacles);
      const ball = buildBall(rapier, world, initial.objects[0]);
      return { objects: [ball.handle], obstacles };
    },
    environmentState: (tcp, objects) => [...objects[0], ...tcp],
    judge: (progress, moment) => judgeGrasp(passage, OBJECTS, progress, moment),
    classifyPath: passage.classifyPath,
    lateralOffset: passage.lateralOffset,
  };
}

function sampleInitialState(seed: number): InitialState {
  const random = randomOf(seed);
  const around = (centre: number, spread: number) =>
    centre + (2 * uniformFloat64(random) - 1) * spread;
  const hand = drawHandStart(around, seed);
  const [x, y] = BALL_START.centre.map((centre, i) => around(centre, BALL_START.spread[i]));
  return { ...hand, objects: [[Math.fround(x), Math.fround(y), Math.fround(BALL.radius)]] };
}

function validateInitialState(name: string, state: InitialState): void {
  checkStart(state, OBJECTS, PLACING);
  if (state.instruction !== undefined) {
    throw new SimError(
      `initial state: expected no instruction (task ${name} has one ball to lift), got ` +
        JSON.stringify(state.instruction.slice(0, 80)),
    );
  }
}
