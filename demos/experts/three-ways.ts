import { threeWays } from '../../sim/tasks/three-ways/task.ts';
import { graspPastPosts, type Way } from './reach-past-posts.ts';

/** Beside the posts as near to them as between them: 0.055 m from the hand to the post. */
const WAYS = {
  left: { y: 0.35, spread: 0.015 },
  middle: { y: 0, spread: 0.015 },
  right: { y: -0.35, spread: 0.015 },
} as const satisfies Record<(typeof threeWays.modes)[number]['name'], Way>;

/** Grasps the ball behind the two posts. */
export const threeWaysExpert = graspPastPosts(threeWays.scene, WAYS);
