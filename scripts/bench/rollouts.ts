import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { planComparison } from '../../server/evaluation/comparison.ts';
import { BATCH, rollOutInParallel } from '../../server/jobs/rollouts.ts';
import type { Lane } from '../../server/protocol/index.ts';
import { openWorkspace } from '../../server/storage/workspace.ts';
import { interruptible } from '../interrupt.ts';
import { startProgress } from '../progress.ts';
import { machine } from './measure.ts';

/** How rollouts are run. */
export interface RolloutWay {
  readonly name: string;
  readonly processes: number;
  /** Rollouts that share a network call. */
  readonly batch: number;
  /** Processes starting and all, but for programs, which are traced before. */
  readonly seconds: number;
  readonly rolloutsPerSecond: number;
  readonly successes: number;
}

export interface RolloutReport {
  readonly machine: string;
  /** Load average over the last minute, before and after. */
  readonly load: readonly [before: number, after: number];
  /** Of each policy. */
  readonly rollouts: number;
  readonly ways: readonly RolloutWay[];
  /** Rollouts a second of the last way, by those of the first. */
  readonly speedup: number;
}

/**
 * Rolls policies that ship out over one grid of starts and noise, one way after the other.
 *
 * @param rollouts of each policy
 */
export async function benchRollouts(
  policies: readonly Lane[],
  rollouts: number,
): Promise<RolloutReport> {
  return interruptible('stopping', (signal) => measure(policies, rollouts, signal));
}

async function measure(
  policies: readonly Lane[],
  rollouts: number,
  signal: AbortSignal,
): Promise<RolloutReport> {
  const { machine: name, load: before } = machine();
  const data = await mkdtemp(join(tmpdir(), 'forking-paths-bench-'));
  try {
    const workspace = openWorkspace({ data, engine: 'compiled' });
    const request = { policies: [...policies], rollouts, seed: 0 };
    const { inputs, cells } = await planComparison(workspace, request);
    const run = async (
      way: Pick<RolloutWay, 'name' | 'processes' | 'batch'>,
    ): Promise<RolloutWay> => {
      // As in every comparison but the first, programs are known: the store has them from here on.
      await rollOutInParallel(inputs, cells.slice(0, way.processes), { ...way, signal });
      const total = cells.length * inputs.length;
      const progress = startProgress(way.name, total);
      const began = performance.now();
      try {
        const { results } = await rollOutInParallel(inputs, cells, {
          ...way,
          signal,
          onProgress: (ended) => progress.update(ended),
        });
        const seconds = (performance.now() - began) / 1000;
        const successes = results.flat().filter(({ success }) => success).length;
        return { ...way, seconds, rolloutsPerSecond: total / seconds, successes };
      } finally {
        progress.stop();
      }
    };
    const alone = await run({ name: 'one at a time', processes: 1, batch: 1 });
    const together = { name: 'as compare', processes: availableParallelism(), batch: BATCH };
    const ways = [alone, await run(together)];
    return {
      machine: name,
      load: [before, machine().load],
      rollouts,
      ways,
      speedup: ways[1].rolloutsPerSecond / alone.rolloutsPerSecond,
    };
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}
