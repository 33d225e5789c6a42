import { performance } from 'node:perf_hooks';
import { blockedPeriods } from '../protocol/deadline.ts';
import { Durations } from '../protocol/durations.ts';
import type { LatencyReport, LatencyStage, TimedPlan } from '../protocol/results.ts';

/** What is known of a plan as it ends; times in ms. */
export interface PlanTaken extends Omit<TimedPlan, 'missed'> {
  /** On the way to a policy server and back. */
  readonly wire?: number | undefined;
}

/** Keeps account of plans in a control loop: what their stages took, and which came late. */
export class PlanBook {
  readonly #period: number;
  readonly #stages: Readonly<Record<LatencyStage, Durations>> = {
    observe: new Durations(),
    normalize: new Durations(),
    network: new Durations(),
    denormalize: new Durations(),
    encode: new Durations(),
    queue: new Durations(),
  };
  readonly #chunks = new Durations();
  readonly #wire = new Durations();
  /** Each plan, where they are kept. */
  readonly each: TimedPlan[] = [];
  readonly #keepsEach: boolean;
  #missed = 0;
  #starvedTicks = 0;

  /** @param period of the control loop, ms */
  constructor(period: number, keepsEach = false) {
    this.#period = period;
    this.#keepsEach = keepsEach;
  }

  get plans(): number {
    return this.#chunks.count;
  }

  enter({ tick, stages, chunkMs, wire }: PlanTaken): void {
    for (const [stage, durations] of Object.entries(this.#stages)) {
      durations.record(stages[stage as LatencyStage]);
    }
    this.#chunks.record(chunkMs);
    if (wire !== undefined) this.#wire.record(wire);
    // Measured from when the plan was due, so that a late start counts.
    const starved = blockedPeriods(stages.queue + chunkMs, this.#period);
    const missed = starved > 0;
    if (missed) this.#missed++;
    this.#starvedTicks += starved;
    if (this.#keepsEach) this.each.push({ tick, stages, chunkMs, missed });
  }

  conclude(): Pick<LatencyReport, 'stages' | 'chunkMs'> &
    Pick<LatencyReport['deadline'], 'missed' | 'starvedTicks'> {
    const { observe, normalize, network, denormalize, encode, queue } = this.#stages;
    return {
      stages: {
        observe: observe.spread(),
        normalize: normalize.spread(),
        network: network.spread(),
        denormalize: denormalize.spread(),
        encode: encode.spread(),
        queue: queue.spread(),
        ...(this.#wire.count > 0 && { wire: this.#wire.spread() }),
      },
      chunkMs: this.#chunks.spread(),
      missed: this.#missed,
      starvedTicks: this.#starvedTicks,
    };
  }
}

/** Plans that are entered to see what entering them takes: so many at a time, so many times. */
const ENTERED = 100;
const TIMES = 10;
/** Readings of the clock for a plan. */
const CLOCK_READINGS = 6;

/**
 * What it takes to read the clock for a plan and to enter it, ms: of the means of many the least, as other
 * work on the machine is not the instrument's.
 */
export function overheadOf(period: number, keepsEach: boolean): number {
  const book = new PlanBook(period, keepsEach);
  const stages = { observe: 1, normalize: 1, network: 1, denormalize: 1, encode: 1, queue: 1 };
  const enter = () => {
    const began = performance.now();
    for (let tick = 0; tick < ENTERED; tick++) {
      for (let reading = 0; reading < CLOCK_READINGS; reading++) performance.now();
      book.enter({ tick, stages, chunkMs: 6 });
    }
    return (performance.now() - began) / ENTERED;
  };
  return Math.min(...Array.from({ length: TIMES }, enter));
}
