import { graspOneBall } from '../one-ball.ts';
import type { Mode, Task } from '../task.ts';
import { LEFT, RIGHT } from '../ways.ts';
import { SCENE } from './scene.ts';

const NAME = 'three-ways';
const MIDDLE = { name: 'middle', label: 'middle', colour: 0xd7e05a } as const satisfies Mode;
const MODES = [LEFT, MIDDLE, RIGHT] as const satisfies readonly Mode[];

/** Grasp a ball behind two posts, past the left of both, between them, or past the right. */
export const threeWays = {
  name: NAME,
  title: 'Grasp the ball behind two posts',
  instruction: 'Pick up the ball without touching the posts.',
  modes: MODES,
  scene: SCENE,
  timeLimit: 10,
  ...graspOneBall(NAME, SCENE, MODES),
} as const satisfies Task;
