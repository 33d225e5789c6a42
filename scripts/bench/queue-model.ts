/** Workers that take shards from one queue, as a model: at how many of them it no longer pays. */

import { Random } from '../../policies/random.ts';

/** Shortest shard, as a share of the mean one: normals have no least. */
const LEAST = 0.1;

/** What was measured. All times in seconds. */
export interface QueueCosts {
  /** What a shard takes its process. */
  readonly shard: number;
  /** Standard deviation of it, as a share. */
  readonly spread: number;
  /** From a worker's start until its process runs its first shard. */
  readonly start: number;
  /** What the server of the queue works for a shard: giving it out, and keeping its result. */
  readonly dispatch: number;
  /** What a worker waits for a shard besides: the way to the server, its own child process. */
  readonly latency: number;
  /** What the server works for each worker in a second, whatever it does: leases, word of who is there. */
  readonly upkeep: number;
}

export interface QueueModel extends QueueCosts {
  readonly workers: number;
  readonly shards: number;
}

/** What becomes of an experiment. */
export interface QueueOutcome {
  /** Until the last shard is kept, s. */
  readonly makespan: number;
  /** Share of all workers' time that went into rollouts. */
  readonly efficiency: number;
  /** Where the rest went, as shares: they add up to one with `efficiency`. */
  readonly lost: {
    /** Starting. */
    readonly start: number;
    /** Waiting for the queue. */
    readonly queue: number;
    /** With nothing left to take, while others finish. */
    readonly tail: number;
  };
}

/**
 * Simulates it. The server is one line that takes requests in turn, each stretched by what it does for
 * all workers meanwhile; shards are drawn around their mean.
 *
 * @throws RangeError where upkeep leaves the server no time
 * @cost 1 µs a shard and logarithm of the workers
 */
export function simulateQueue(model: QueueModel): QueueOutcome {
  const { workers, shards, shard, spread, start, dispatch, latency, upkeep } = model;
  const free = 1 - upkeep * workers;
  if (free <= 0)
    throw new RangeError('expected a server with time left, got one that upkeep fills');
  const service = dispatch / free;
  // When each worker asks next: a heap, as there may be thousands.
  const asking = new Heap(Array.from({ length: workers }, () => start));
  const random = Random.of(1);
  let serverFree = 0;
  let computed = 0;
  let waited = 0;
  let makespan = 0;
  for (let i = 0; i < shards; i++) {
    const asked = asking.least;
    const begun = Math.max(asked, serverFree);
    serverFree = begun + service;
    const took = Math.max(LEAST, 1 + spread * random.normal()) * shard;
    const done = serverFree + latency + took;
    computed += took;
    waited += done - took - asked;
    makespan = Math.max(makespan, done);
    asking.replaceLeast(done);
  }
  const all = workers * makespan;
  const shares = { start: (workers * Math.min(start, makespan)) / all, queue: waited / all };
  const efficiency = computed / all;
  return {
    makespan,
    efficiency,
    lost: { ...shares, tail: Math.max(0, 1 - efficiency - shares.start - shares.queue) },
  };
}

/**
 * With how many workers at least that share of their time goes into rollouts, and with fewer: to a
 * hundredth, above a hundred. What more of them do depends on how the shards come out among them.
 *
 * @returns 0 where one is too many
 */
export function mostWorkers(costs: QueueCosts, shards: number, efficiency: number): number {
  let most = 0;
  for (let count = 1; count <= shards; count = Math.max(count + 1, Math.floor(1.01 * count))) {
    if (costs.upkeep * count >= 1) break;
    if (simulateQueue({ ...costs, workers: count, shards }).efficiency < efficiency) break;
    most = count;
  }
  return most;
}

/** Numbers of which the least is at hand. */
class Heap {
  readonly #values: number[];

  /** @param values equal to each other */
  constructor(values: number[]) {
    this.#values = values;
  }

  get least(): number {
    return this.#values[0];
  }

  replaceLeast(value: number): void {
    const values = this.#values;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = left + 1;
      const child = right < values.length && values[right] < values[left] ? right : left;
      if (child >= values.length || values[child] >= value) break;
      values[at] = values[child];
      at = child;
    }
    values[at] = value;
  }
}
