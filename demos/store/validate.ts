import { explainIssues } from '../../policies/config/index.ts';
import { ACTION_DIM, type ControlHz, modeNames, STATE_DIM, type Task } from '../../sim/index.ts';
import type { Demonstration } from '../demonstration.ts';
import { DatasetError } from './errors.ts';
import { type Extras, NO_EXTRAS } from './extras.ts';
import { factsOf, factsSchema } from './facts.ts';
import { taskIndexOf } from './instructions.ts';

/**
 * Makes sure a demonstration can be stored in a dataset of this task and control rate, and read
 * back as it is.
 *
 * @throws DatasetError 'mismatch' where it is of another task or rate, 'invalid-demonstration'
 *         for all else
 */
export function checkDemonstration(
  demonstration: Demonstration,
  task: Task,
  controlHz: ControlHz,
  { interventions }: Extras = NO_EXTRAS,
): void {
  const { error } = factsSchema.safeParse(factsOf(demonstration));
  if (error) throw invalid('the facts of an episode', explainIssues(error));
  if (demonstration.task !== task.name || demonstration.controlHz !== controlHz) {
    throw new DatasetError(
      'mismatch',
      `demonstration: expected task ${task.name} at ${controlHz} Hz, got ${demonstration.task} ` +
        `at ${demonstration.controlHz} Hz; store it in a dataset of its own`,
    );
  }
  const { mode, initial } = demonstration;
  const modes = modeNames(task);
  if (mode !== null && !modes.includes(mode)) {
    throw invalid(`mode to be null or one of ${modes.join(', ')}`, mode);
  }
  if (initial.objects.length !== task.objectNames.length) {
    throw invalid(`${task.objectNames.length} objects at the start`, `${initial.objects.length}`);
  }
  if ((initial.instruction !== undefined) !== (task.language !== undefined)) {
    const wanted = task.language ? 'an instruction, if only an empty one' : 'no instruction';
    throw invalid(wanted, JSON.stringify(initial.instruction) ?? 'none');
  }
  if (taskIndexOf(demonstration) === undefined) {
    throw invalid(
      `an instruction of the task's language, like "${task.language?.phrases[1].text}"`,
      JSON.stringify(initial.instruction),
    );
  }
  checkFrames(demonstration, 'state', STATE_DIM);
  checkFrames(demonstration, 'environment', task.environmentNames.length);
  checkFrames(demonstration, 'action', ACTION_DIM);
  checkFrames(demonstration, 'command', ACTION_DIM);
  if (!demonstration.intervention) return;
  checkFlags(demonstration.intervention, demonstration.length);
  if (interventions) return;
  throw new DatasetError(
    'mismatch',
    'demonstration: expected one that a person showed from its beginning, as this dataset keeps no ' +
      'interventions, got one that a policy began; store it in a dataset that does',
  );
}

/** A correction without a corrected frame would be taken for a whole demonstration. */
function checkFlags(flags: Uint8Array, length: number): void {
  const sound = flags.length === length && flags.every((flag) => flag === 0 || flag === 1);
  if (sound && flags.includes(1)) return;
  throw invalid(
    `intervention to be ${length} flags of 0 or 1, at least one of them 1`,
    sound ? 'none that is 1' : `${flags.length} values`,
  );
}

function checkFrames(
  demonstration: Demonstration,
  field: 'state' | 'environment' | 'action' | 'command',
  width: number,
): void {
  const { length, [field]: values } = demonstration;
  if (!(values instanceof Float32Array) || values.length !== length * width) {
    const got = values instanceof Float32Array ? `${values.length} numbers` : typeof values;
    throw invalid(`${field} to be f32 [${length}, ${width}]`, got);
  }
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw invalid(`${field} to be finite`, `${values[bad]} in frame ${Math.floor(bad / width)}`);
  }
}

function invalid(expected: string, got: string): DatasetError {
  return new DatasetError(
    'invalid-demonstration',
    `demonstration: expected ${expected}, got ${got}; nothing was stored, record it again`,
  );
}
