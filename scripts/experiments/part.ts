import { InvalidArgumentError } from 'commander';
import { ProtocolError } from '../../server/protocol/errors.ts';

/** Part i of N of an experiment's shards, i from 1. */
export interface Part {
  readonly index: number;
  readonly count: number;
  /** Who said so: an option, or a scheduler's variable. */
  readonly said: string;
}

/** "i/N", as commander's argument parser. */
export function parsePart(text: string): Part {
  const [, i, n] = /^(\d{1,6})\/(\d{1,6})$/.exec(text) ?? [];
  const part = { index: Number(i), count: Number(n), said: '--shard' };
  if (part.index >= 1 && part.index <= part.count) return part;
  throw new InvalidArgumentError(`expected i/N with i from 1 to N, such as 1/4, got "${text}"`);
}

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Which part of the work is this process's, as schedulers say it in the environment: a Slurm array's
 * task, or a pod of a Kubernetes indexed job.
 *
 * @param count of the parts, which Kubernetes does not say
 * @returns null where nobody says so
 * @throws ProtocolError 'invalid-request' for variables that make no part
 */
export function partFromEnvironment(variables: Variables, count?: number): Part | null {
  if (variables.SLURM_ARRAY_TASK_ID !== undefined) return slurmPart(variables);
  if (variables.JOB_COMPLETION_INDEX !== undefined) return kubernetesPart(variables, count);
  return null;
}

/** Ids of an array run from MIN in steps; how many there are is COUNT. */
function slurmPart(variables: Variables): Part {
  const id = numberOf(variables, 'SLURM_ARRAY_TASK_ID');
  const count = numberOf(variables, 'SLURM_ARRAY_TASK_COUNT');
  const least = numberOf(variables, 'SLURM_ARRAY_TASK_MIN');
  const step = numberOf({ SLURM_ARRAY_TASK_STEP: '1', ...variables }, 'SLURM_ARRAY_TASK_STEP');
  const index = (id - least) / step + 1;
  if (Number.isInteger(index) && index >= 1 && index <= count) {
    return { index, count, said: 'SLURM_ARRAY_TASK_ID' };
  }
  throw new ProtocolError(
    'invalid-request',
    `SLURM_ARRAY_TASK_ID: expected one of ${count} ids from ${least} in steps of ${step}, got ${id}; ` +
      'give the array an even range, such as --array=1-8, or say --shard i/N',
  );
}

function kubernetesPart(variables: Variables, count: number | undefined): Part {
  const index = numberOf(variables, 'JOB_COMPLETION_INDEX');
  if (count === undefined) {
    throw new ProtocolError(
      'invalid-request',
      'JOB_COMPLETION_INDEX: expected --shards N beside it, the number of completions of the job, ' +
        'got none; say it, or --shard i/N',
    );
  }
  if (index < count) return { index: index + 1, count, said: 'JOB_COMPLETION_INDEX' };
  throw new ProtocolError(
    'invalid-request',
    `JOB_COMPLETION_INDEX: expected 0 to ${count - 1}, got ${index}; say with --shards how many ` +
      'completions the job has',
  );
}

function numberOf(variables: Variables, name: string): number {
  const text = variables[name];
  if (text !== undefined && /^\d{1,9}$/.test(text)) return Number(text);
  throw new ProtocolError(
    'invalid-request',
    `${name}: expected a whole number, got ${text === undefined ? 'none' : `"${text.slice(0, 80)}"`}; ` +
      'say --shard i/N instead',
  );
}
