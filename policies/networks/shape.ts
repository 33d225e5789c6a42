import type { ConditionSpec } from '../config/condition.ts';

/** What every network is made for: the sizes of its answer and of what it is told. */
export interface NetworkShape {
  /** Prediction horizon Tp, control steps. */
  readonly horizon: number;
  /** Components of an action, Da. */
  readonly actionDim: number;
  /** Size of the flattened observation, To·Do. */
  readonly observationDim: number;
  /** What else it reads; absent: nothing. */
  readonly condition?: ConditionSpec;
}
