import { graspOneBall } from '../one-ball.ts';
import type { Mode, Task } from '../task.ts';
import { LEFT, RIGHT } from '../ways.ts';
import { SCENE } from './scene.ts';

const NAME = 'left-right';
const MODES = [LEFT, RIGHT] as const satisfies readonly Mode[];

/** Grasp a ball behind a post, past the left or past the right of it. */
export const leftRight = {
  name: NAME,
  title: 'Grasp the ball behind the post',
  instruction: 'Pick up the ball without touching the post.',
  modes: MODES,
  scene: SCENE,
  timeLimit: 8,
  ...graspOneBall(NAME, SCENE, MODES),
} as const satisfies Task;
