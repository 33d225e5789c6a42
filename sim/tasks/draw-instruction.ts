import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { randomOf } from '../random.ts';
import type { Goal, TaskLanguage } from './task.ts';

/** How often an instruction names the object, how often the side. */
const NAMES_OBJECT = 0.65;
const NAMES_MODE = 0.5;
/** How often one that names neither is silence. */
const SILENT = 0.5;

/**
 * Something a person might have said to get this behaviour: it names the object, the side, both
 * or neither. Sentences that are held out of training are never drawn.
 *
 * @param shown object and mode that will be demonstrated
 */
export function drawInstruction({ phrases }: TaskLanguage, shown: Goal, seed: number): string {
  const random = randomOf(seed);
  const object = uniformFloat64(random) < NAMES_OBJECT ? shown.object : null;
  const mode = uniformFloat64(random) < NAMES_MODE ? shown.mode : null;
  if (object === null && mode === null && uniformFloat64(random) < SILENT) return '';
  const fitting = phrases.filter(
    ({ text, goal, heldOut }) =>
      text !== '' && !heldOut && goal.object === object && goal.mode === mode,
  );
  return fitting[uniformInt(random, 0, fitting.length - 1)].text;
}
