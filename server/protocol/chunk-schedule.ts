import type { Chunking, Scheme } from './chunking.ts';
import { ProtocolError } from './errors.ts';

/** An action of a plan that acts at a control step, and its share of what is done. */
export interface ActingRow {
  /** Number of the plan, from 0. */
  readonly plan: number;
  /** Row of its chunk. */
  readonly row: number;
  readonly weight: number;
}

/** m of temporal ensembling: plan i counts exp(−m·i), the oldest being plan 0. */
const ENSEMBLE_DECAY = 0.01;

/** Ta and Tp. */
export interface Horizons {
  readonly actionHorizon: number;
  readonly predHorizon: number;
}

/**
 * Which action of which plan acts at which control step, where a plan takes d control steps.
 *
 * The first plan is there at step 0: the arm rests until it is. One plan is made at a time.
 *
 * | scheme | plan k ≥ 1 is asked for at | its row 0 is meant for | acts |
 * |---|---|---|---|
 * | synchronous | k·(Ta + d) − d | k·(Ta + d), when it is there | rows 0 … Ta − 1, then the arm waits d |
 * | asynchronous, real-time | k·Ta | k·Ta, when it is asked for | rows d … Ta + d − 1 |
 * | ensembling | k·max(1, d) | k·max(1, d) | the mean over all plans that are there |
 */
export class ChunkSchedule {
  readonly scheme: Scheme;
  readonly delay: number;
  /** Rows from one plan's first to the next one's. */
  readonly stride: number;
  readonly #predHorizon: number;

  /** @throws ProtocolError 'invalid-request' for a delay that the horizons leave no room for */
  constructor({ scheme, delay }: Chunking, { actionHorizon, predHorizon }: Horizons) {
    checkDelay({ scheme, delay }, { actionHorizon, predHorizon });
    this.scheme = scheme;
    this.delay = delay;
    this.stride = scheme === 'ensembling' ? Math.max(1, delay) : actionHorizon;
    this.#predHorizon = predHorizon;
  }

  /** Control step at which a plan is asked for: its observation is of then. */
  askedAt(plan: number): number {
    return plan === 0 ? 0 : this.#meantFor(plan) - (this.#waits ? this.delay : 0);
  }

  /** Control step from which on a plan acts. */
  arrivesAt(plan: number): number {
    return plan === 0 ? 0 : this.askedAt(plan) + this.delay;
  }

  /** What acts at a control step: weights sum to 1; nothing where the arm waits. */
  acting(t: number): ActingRow[] {
    const newest = this.#newest(t);
    const rowOf = (plan: number) => t - this.#meantFor(plan);
    if (this.scheme !== 'ensembling') {
      const row = rowOf(newest);
      return this.waitsAt(t) ? [] : [{ plan: newest, row, weight: 1 }];
    }
    const oldest = Math.max(0, Math.ceil((t + 1 - this.#predHorizon) / this.stride));
    const plans = Array.from({ length: newest - oldest + 1 }, (_, i) => oldest + i);
    const weights = plans.map((_, i) => Math.exp(-ENSEMBLE_DECAY * i));
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    return plans.map((plan, i) => ({ plan, row: rowOf(plan), weight: weights[i] / total }));
  }

  /** Whether the arm waits for a plan at a control step. */
  waitsAt(t: number): boolean {
    return this.#waits && t - this.#meantFor(this.#newest(t)) >= this.stride;
  }

  /** Whether another plan takes over, or joins in, at a control step. */
  isSeam(t: number): boolean {
    return t > 0 && this.#newest(t) !== this.#newest(t - 1);
  }

  /** Whether a control step is no seam itself but follows one or comes before one. */
  isBeside(t: number): boolean {
    return !this.isSeam(t) && (this.isSeam(t - 1) || this.isSeam(t + 1));
  }

  get #waits(): boolean {
    return this.scheme === 'synchronous';
  }

  /** Control step for which a plan's row 0 is meant. */
  #meantFor(plan: number): number {
    return plan * (this.#waits ? this.stride + this.delay : this.stride);
  }

  /** The plan that came last. */
  #newest(t: number): number {
    return this.#waits
      ? Math.floor(t / (this.stride + this.delay))
      : Math.max(0, Math.floor((t - this.delay) / this.stride));
  }
}

/**
 * d at most, control steps. A plan must be there before the next one is asked for, and must still have
 * actions when the next one comes: for real-time chunking d ≤ Ta ≤ Tp − d. An arm that waits can do so for
 * any time.
 */
export function longestDelay(scheme: Scheme, { actionHorizon, predHorizon }: Horizons): number {
  switch (scheme) {
    case 'synchronous':
      return Number.POSITIVE_INFINITY;
    case 'ensembling':
      return Math.floor(predHorizon / 2);
    case 'asynchronous':
    case 'real-time':
      return Math.min(actionHorizon, predHorizon - actionHorizon);
  }
}

function checkDelay({ scheme, delay }: Chunking, horizons: Horizons): void {
  const most = longestDelay(scheme, horizons);
  if (delay <= most) return;
  const { actionHorizon, predHorizon } = horizons;
  throw new ProtocolError(
    'invalid-request',
    `delay: expected at most ${most} control steps for ${scheme}, where ${actionHorizon} of ` +
      `${predHorizon} actions of a plan are carried out, got ${delay}; shorten it, or choose an ` +
      'action horizon nearer to half of the plan',
  );
}
