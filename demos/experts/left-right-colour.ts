import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { randomOf, SimError } from '../../sim/index.ts';
import { leftRightColour } from '../../sim/tasks/left-right-colour/task.ts';
import type { Expert } from './expert.ts';
import { reachPastPosts, type Way, wayOf } from './reach-past-posts.ts';

/** Both keep as far from the post. */
const WAYS = {
  left: { y: 0.19, spread: 0.015 },
  right: { y: -0.19, spread: 0.015 },
} as const satisfies Record<(typeof leftRightColour.modes)[number]['name'], Way>;

/** Grasps the ball it is told to, or either one where it is told neither. */
export const leftRightColourExpert: Expert = {
  demonstrate(initial, start, mode, options) {
    const { instruction = '', objects } = initial;
    const goal = leftRightColour.language.understand(instruction);
    if (goal.mode !== null && goal.mode !== mode) {
      throw new SimError(`mode: "${instruction}" asks for ${goal.mode}, got "${mode}"`);
    }
    const choice = goal.object
      ? leftRightColour.scene.objects.findIndex(({ name }) => name === goal.object)
      : choose(options.seed, objects.length);
    const { x } = leftRightColour.scene.obstacles[0];
    return reachPastPosts(start, wayOf(WAYS, mode), x, objects[choice], options);
  },
};

/** A choice of its own stream, so that the path does not depend on whether there was one. */
function choose(seed: number, count: number): number {
  return Math.floor(uniformFloat64(randomOf(seed, 0x5bd1e995)) * count);
}
