import { BALL } from '../behind-posts.ts';
import type { TaskScene } from '../task.ts';

/**
 * Two posts with a gap between them that the hand fits through. The hand is 0.2 m wide, whether it
 * is open or closed, and the gap 0.31 m.
 */
export const SCENE = {
  obstacles: [
    { x: 0.48, y: 0.175, radius: 0.02, height: 0.22 },
    { x: 0.48, y: -0.175, radius: 0.02, height: 0.22 },
  ],
  objects: [{ name: 'ball', radius: BALL.radius, seen: [0.95, 0.55, 0.02], colour: 0xffc629 }],
} as const satisfies TaskScene;
