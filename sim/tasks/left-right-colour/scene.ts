import { BALL } from '../behind-posts.ts';
import type { TaskScene } from '../task.ts';

/**
 * One post, and two balls behind it that differ in their colour alone: on the page as different in
 * lightness as in hue, for all eyes.
 */
export const SCENE = {
  obstacles: [{ x: 0.48, y: 0, radius: 0.025, height: 0.22 }],
  objects: [
    { name: 'red', radius: BALL.radius, seen: [0.85, 0.03, 0.03], colour: 0xd3202f },
    { name: 'green', radius: BALL.radius, seen: [0.05, 0.6, 0.06], colour: 0x5fe07a },
  ],
} as const satisfies TaskScene;
