import { cpus, loadavg } from 'node:os';
import { performance } from 'node:perf_hooks';
import tf from '#tensorflow';
import type { Engine } from '../../policies/engine/index.ts';
import type { Percentiles } from '../../server/protocol/index.ts';
import { percentiles } from '../../server/statistics/index.ts';

/** How long one action takes, ms. */
export interface Timing extends Percentiles {
  /** Fastest of all: what the machine can do when nothing disturbs it. */
  readonly min: number;
  /** Half the range of the middle half of all times, as a part of the median. */
  readonly spread: number;
  readonly n: number;
}

export function timing(ms: readonly number[]): Timing {
  const sorted = [...ms].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.floor(part * (sorted.length - 1))];
  const { p50, ...rest } = percentiles(sorted);
  const spread = (at(0.75) - at(0.25)) / (2 * p50);
  return { ...rest, p50, min: sorted[0], spread, n: sorted.length };
}

/** What each of many calls took. */
export interface CallTimes {
  readonly ms: readonly number[];
  /** Time of the processor, of all threads together, ms. */
  readonly cpuMs: readonly number[];
}

/** Times of `times` calls, one after the other. */
export async function timeCalls(action: () => Promise<unknown>, times: number): Promise<CallTimes> {
  const ms: number[] = [];
  const cpuMs: number[] = [];
  for (let i = 0; i < times; i++) {
    const [began, before] = [performance.now(), process.cpuUsage()];
    await action();
    const { user, system } = process.cpuUsage(before);
    ms.push(performance.now() - began);
    cpuMs.push((user + system) / 1000);
  }
  return { ms, cpuMs };
}

/** Slope of a line of best fit. */
export interface Slope {
  readonly slope: number;
  /** Its standard error if what lies off the line is independent. */
  readonly error: number;
}

/** Least squares of y = a + slope·x, for at least three points. */
export function fitLine(x: readonly number[], y: readonly number[]): Slope {
  const mean = (values: readonly number[]) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const [middle, level] = [mean(x), mean(y)];
  const spread = x.reduce((sum, each) => sum + (each - middle) ** 2, 0);
  const slope = x.reduce((sum, each, i) => sum + (each - middle) * (y[i] - level), 0) / spread;
  const residual = y.reduce(
    (sum, each, i) => sum + (each - level - slope * (x[i] - middle)) ** 2,
    0,
  );
  return { slope, error: Math.sqrt(residual / (x.length - 2) / spread) };
}

/** The machine and how busy it is: figures of a busy machine say little. */
export function machine(): { machine: string; load: number } {
  return { machine: `${cpus().length} × ${cpus()[0]?.model}`, load: loadavg()[0] };
}

const PEAK_SIZE = 1024;

/** A large matrix product through the engine: the most arithmetic it can do. */
export interface PeakProbe {
  /** Runs it some times. @returns GFLOP/s of each */
  sample(times: number): Promise<number[]>;
  dispose(): Promise<void>;
}

export async function createPeakProbe(engine: Engine): Promise<PeakProbe> {
  const shape = [PEAK_SIZE, PEAK_SIZE];
  const program = await engine.compile(
    function peak({ a, b }) {
      return { c: tf.matMul(a, b) };
    },
    [
      { name: 'a', shape },
      { name: 'b', shape },
    ],
  );
  const filled = () => new Float32Array(PEAK_SIZE ** 2).fill(0.5);
  const inputs = { a: filled(), b: filled() };
  const outputs = { c: filled() };
  return {
    async sample(times) {
      const { ms } = await timeCalls(() => program.run(inputs, outputs), times);
      return ms.map((each) => (2 * PEAK_SIZE ** 3) / (each * 1e6));
    },
    dispose: () => program.dispose(),
  };
}
