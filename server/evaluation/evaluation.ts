import type { LatencyReport, PolicyResult } from '../protocol/results.ts';
import type { Workspace } from '../storage/workspace.ts';
import type { GridCell, GridResult } from './evaluate.ts';
import type { EvaluationInput } from './input.ts';

/**
 * A question about policies: what has to be measured to answer it, and the answer. `evaluate` in
 * `server/jobs` runs it; another kind of evaluation is one more of these, in a file of its own.
 */
export interface Evaluation<Request, Plan extends EvaluationPlan, Report> {
  /**
   * Loads and checks all that is asked about, before anything is measured.
   *
   * @throws ProtocolError, SpecError for what cannot be answered
   */
  plan(workspace: Workspace, request: Request): Promise<Plan>;
  conclude(plan: Plan, measured: Measured): Report;
}

/** What is to be measured. */
export interface EvaluationPlan {
  /** Policies, and how each acts. */
  readonly inputs: readonly EvaluationInput[];
  /** Each input is rolled out over all of them, on all cores. */
  readonly cells: readonly GridCell[];
  /** Takes the cells bit by bit, for as long as they are needed. @default all at once */
  readonly turns?: Turns;
  /**
   * What is timed of each input after the rollouts, one input after the other with nothing else
   * running: single plans, or a control loop. @default nothing
   */
  readonly timed?: 'plans' | ControlLoop;
}

/** Rollouts in turns: after each it is seen who goes on. */
export interface Turns {
  /** Numbers of cells after which one looks, ascending; the last is that of all cells. */
  readonly looks: readonly number[];
  /** Which inputs go on after the results that there are, none at first. */
  goOn(results: readonly (readonly GridResult[])[]): readonly boolean[];
}

/** A control loop on a fixed schedule. */
export interface ControlLoop {
  /** Need not be the policy's. */
  readonly controlHz: number;
  readonly seconds: number;
  /** Report each plan, too. @default false */
  readonly eachPlan?: boolean | undefined;
  /** Holds up one plan, to see what the report makes of it. */
  readonly stall?: Stall | undefined;
}

export interface Stall {
  /** Of those that are measured, from 1. */
  readonly plan: number;
  readonly ms: number;
}

/** What was measured of a plan's inputs, in their order. */
export interface Measured {
  /** Of each input, in the order of the cells; of the first cells where it ended early. */
  readonly results: readonly (readonly GridResult[])[];
  /** Of each input where plans were to be timed. */
  readonly planTimes: readonly PolicyResult['latencyMs'][];
  /** Of each input where a control loop was to be timed. */
  readonly loops: readonly LatencyReport[];
  /** Of the rollouts; empty where there were none. */
  readonly engine: string;
  /** Rollouts that advanced together. */
  readonly batch: number;
  /** Measuring took, s. */
  readonly seconds: number;
}
