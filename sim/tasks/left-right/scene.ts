import { BALL } from '../behind-posts.ts';
import type { TaskScene } from '../task.ts';

/** One post between arm and ball. */
export const SCENE = {
  obstacles: [{ x: 0.48, y: 0, radius: 0.025, height: 0.22 }],
  objects: [{ name: 'ball', radius: BALL.radius, seen: [0.95, 0.55, 0.02], colour: 0xffc629 }],
} as const satisfies TaskScene;
