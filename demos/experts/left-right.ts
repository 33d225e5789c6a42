import type { Expert } from './expert.ts';
import { reachPastPost } from './reach-past-post.ts';

/** Grasps the ball behind the post. */
export const leftRightExpert: Expert = {
  task: 'left-right',
  demonstrate: (initial, start, mode, options) =>
    reachPastPost(start, mode, initial.objects[0], options),
};
