import { describe, expect, it } from 'vitest';
import { mostWorkers, simulateQueue } from '../../../scripts/bench/queue-model.ts';

/** Nothing but work, all shards alike. */
const IDEAL = { shard: 5, spread: 0, start: 0, dispatch: 0, latency: 0, upkeep: 0 };

describe('the model of the queue', () => {
  it.each([
    [1, 10],
    [10, 10],
    [3, 12],
  ])('wastes nothing where %i workers share %i equal shards', (workers, shards) => {
    const { makespan, efficiency } = simulateQueue({ ...IDEAL, workers, shards });
    expect(efficiency).toBeCloseTo(1, 12);
    expect(makespan).toBeCloseTo((5 * shards) / workers, 12);
  });

  it('waits for the last wave: of 11 shards, 10 workers take two', () => {
    const { makespan, efficiency, lost } = simulateQueue({ ...IDEAL, workers: 10, shards: 11 });
    expect(makespan).toBe(10);
    expect(efficiency).toBeCloseTo(11 / 20, 12);
    expect(lost).toEqual({ start: 0, queue: 0, tail: expect.closeTo(9 / 20, 12) });
  });

  it('gives a single worker the cycle that its parts add up to', () => {
    const costs = { ...IDEAL, start: 2, dispatch: 0.1, latency: 0.4 };
    const { makespan, lost } = simulateQueue({ ...costs, workers: 1, shards: 20 });
    expect(makespan).toBeCloseTo(2 + 20 * 5.5, 9);
    expect(lost.start).toBeCloseTo(2 / 112, 9);
    expect(lost.queue).toBeCloseTo(10 / 112, 9);
  });

  it('is bound by its server where workers are many, however many they are (operational laws)', () => {
    // It is full from 51 workers on: (5 + 0.1) / 0.1.
    const costs = { ...IDEAL, dispatch: 0.1, shards: 20_000 };
    for (const workers of [100, 400]) {
      expect(20_000 / simulateQueue({ ...costs, workers }).makespan).toBeCloseTo(10, 0);
    }
    expect(20_000 / simulateQueue({ ...costs, workers: 25 }).makespan).toBeCloseTo(25 / 5.1, 0);
  });

  it('has a server that is slower by what it does for all workers, and none left where that is all', () => {
    const costs = { ...IDEAL, shard: 0.1, dispatch: 0.1, shards: 5000, workers: 100 };
    const alone = simulateQueue(costs).makespan;
    expect(simulateQueue({ ...costs, upkeep: 0.005 }).makespan / alone).toBeCloseTo(2, 1);
    expect(() => simulateQueue({ ...costs, upkeep: 0.01 })).toThrow(RangeError);
  });

  it('says how many workers pay', () => {
    // Of 100 equal shards, 23 workers take five waves, of 115; 24 take five, too, of 120.
    expect(mostWorkers(IDEAL, 100, 0.85)).toBe(23);
    // While the server hands a shard out for 1 s, five others work for 5 s.
    expect(mostWorkers({ ...IDEAL, dispatch: 1 }, 1000, 0.8)).toBe(6);
    expect(mostWorkers({ ...IDEAL, latency: 5 }, 1000, 0.85)).toBe(0);
  });
});
