import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { randomOf, SimError } from '../../sim/index.ts';
import { colourLanguage } from '../../sim/tasks/colour-language.ts';
import { leftRightColour } from '../../sim/tasks/left-right-colour.ts';
import type { Expert } from './expert.ts';
import { reachPastPost } from './reach-past-post.ts';

/** Grasps the ball it is told to, or either one where it is told neither. */
export const leftRightColourExpert: Expert = {
  task: leftRightColour.name,
  demonstrate(initial, start, mode, options) {
    const { instruction = '', objects } = initial;
    const goal = colourLanguage.understand(instruction);
    if (goal.mode !== null && goal.mode !== mode) {
      throw new SimError(`mode: "${instruction}" asks for ${goal.mode}, got "${mode}"`);
    }
    const choice = goal.object
      ? leftRightColour.objectNames.indexOf(goal.object)
      : choose(options.seed, objects.length);
    return reachPastPost(start, mode, objects[choice], options);
  },
};

/** A choice of its own stream, so that the path does not depend on whether there was one. */
function choose(seed: number, count: number): number {
  return Math.floor(uniformFloat64(randomOf(seed, 0x5bd1e995)) * count);
}
