import { type InitialState, startSeed, type Task } from '../../sim/index.ts';

/** A start as evaluations number them. */
export interface NumberedStart {
  /** Of the evaluation. */
  readonly seed: number;
  /** Its place among the evaluation's starts, from 0. */
  readonly start: number;
  /** What the robot is told. @default nothing */
  readonly instruction?: string | undefined;
}

/**
 * Where a rollout begins: the same for every policy of a seed.
 *
 * @throws SimError for a number outside of those there are
 */
export function evaluationStart(
  task: Task,
  { seed, start, instruction }: NumberedStart,
): InitialState {
  return {
    ...task.sampleInitialState(startSeed('evaluation', seed, start)),
    ...(instruction !== undefined && { instruction }),
  };
}
