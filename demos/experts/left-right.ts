import { leftRight } from '../../sim/tasks/left-right/task.ts';
import { graspPastPosts, type Way } from './reach-past-posts.ts';

/** Both keep as far from the post. */
const WAYS = {
  left: { y: 0.19, spread: 0.015 },
  right: { y: -0.19, spread: 0.015 },
} as const satisfies Record<(typeof leftRight.modes)[number]['name'], Way>;

/** Grasps the ball behind the post. */
export const leftRightExpert = graspPastPosts(leftRight.scene, WAYS);
