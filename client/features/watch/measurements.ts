import { type ReadonlySignal, signal } from '@preact/signals';
import type { StageEpisode } from '../../../server/protocol/index.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { ExperimentLog, type Tally } from './tally.ts';

/** One inference as the latency panel shows it. */
export interface PlanTime {
  readonly lane: LaneId;
  /** Number of the episode, and the control step of it at which the plan was asked for. */
  readonly episode: number;
  readonly step: number;
  readonly milliseconds: number;
  /** Control period of the policy, ms: what a plan may take before it blocks. */
  readonly period: number;
  /** Order of arrival. */
  readonly number: number;
}

/** An hour of one policy, at a plan a second. */
const KEPT_PLAN_TIMES = 3600;

/** What the stage has shown so far, as numbers. */
export interface Measurements {
  /** The last plans of all lanes, in order of arrival. */
  readonly planTimes: ReadonlySignal<readonly PlanTime[]>;
  /** Outcomes by action horizon, of all that was tried with these policies. */
  readonly tally: ReadonlySignal<Tally>;
  /** Takes in what a new episode says of those before it. */
  report(episode: StageEpisode, lanes: readonly LaneId[]): void;
  timed(plan: Omit<PlanTime, 'number'>): void;
  /** Another policy or sampler acts in the lane: nothing counted or timed there is about it. */
  forget(lane: LaneId): void;
  /** Plans are made from something else from now on. */
  clearTimes(): void;
  /** The lanes do something else from now on, as fast as before. */
  clearCounts(): void;
}

export function createMeasurements(): Measurements {
  const planTimes = signal<readonly PlanTime[]>([]);
  const tally = signal<Tally>(new Map());
  const log = new ExperimentLog();
  let arrived = 0;
  return {
    planTimes,
    tally,
    report(episode, lanes) {
      log.report(episode, Object.fromEntries(lanes.map((lane, i) => [lane, episode.counts[i]])));
      tally.value = log.tally();
    },
    timed(plan) {
      const kept = planTimes.peek().slice(1 - KEPT_PLAN_TIMES);
      planTimes.value = [...kept, { ...plan, number: arrived++ }];
    },
    forget(lane) {
      log.forget(lane);
      tally.value = log.tally();
      planTimes.value = planTimes.peek().filter((time) => time.lane !== lane);
    },
    clearTimes() {
      planTimes.value = [];
    },
    clearCounts() {
      log.clear();
      tally.value = log.tally();
    },
  };
}
