import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import type { TrainedPolicy } from '../../policies/policy.ts';
import {
  chooseSampler,
  defaultActionHorizon,
  policyName,
  type SamplerSpec,
} from '../../policies/spec/index.ts';
import { findTask } from '../../sim/index.ts';
import { type GridResult, rolloutGrid, summarize } from '../lab/evaluate.ts';
import { mcnemar } from '../lab/statistics.ts';
import { loadPolicy, type Workspace } from '../lab/workspace.ts';
import type { CompareRequest } from '../protocol/compare.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Comparison, PolicyResult } from '../protocol/results.ts';
import type { PolicySource } from '../protocol/stage.ts';
import { type RunningWork, startWork } from './process.ts';
import type { EvaluationInput, WorkKind } from './work.ts';

/** Rollouts that advance together and share one network call. */
const BATCH = 25;

interface Contender {
  readonly source: PolicySource;
  readonly policy: TrainedPolicy;
  readonly sampler: SamplerSpec;
}

/**
 * Compares policies on the same starts, noise seeds and action horizon, on all cores.
 *
 * @param onProgress ended rollouts of all policies together
 * @throws ProtocolError, SpecError; ProtocolError 'conflict' where `signal` aborts
 * @cost about 0.1 s a rollout and core
 */
export async function compare(
  workspace: Workspace,
  { policies, rollouts, seed, actionHorizon }: CompareRequest,
  {
    onProgress = () => {},
    signal,
    processes = availableParallelism(),
  }: { onProgress?: (ended: number) => void; signal?: AbortSignal; processes?: number } = {},
): Promise<Comparison> {
  const began = performance.now();
  const contenders: Contender[] = [];
  for (const { policy: source, ...choice } of policies) {
    const policy = await loadPolicy(workspace, source);
    contenders.push({ source, policy, sampler: chooseSampler(policy.spec.objective, choice) });
  }
  const horizon = commonHorizon(contenders, actionHorizon);
  const task = findTask(contenders[0].policy.spec.task);
  const inputs = contenders.map(({ source, sampler }): EvaluationInput => {
    return { data: workspace.directory, source, sampler, actionHorizon: horizon, seed };
  });
  const grid = rolloutGrid(rollouts);
  const pool = new WorkPool(processes, signal);
  // Whole batches, and no more parts than processes: each pays for a start of its own.
  const part = BATCH * Math.ceil(grid.length / processes / BATCH);

  const ended: number[] = [];
  let engine = '';
  const tasks = inputs.flatMap((input, contender) =>
    shards(grid, part).map((cells) => async () => {
      const slot = ended.push(0) - 1;
      const { results, engine: name } = await pool.run(
        startWork('rollouts', { ...input, cells, batch: BATCH }, (count) => {
          ended[slot] = count;
          onProgress(ended.reduce((sum, each) => sum + each));
        }),
      );
      engine = name;
      return { contender, results };
    }),
  );
  const parts = await pool.all(tasks);
  const results: GridResult[][] = contenders.map((_, i) =>
    parts.filter(({ contender }) => contender === i).flatMap((part) => part.results),
  );
  const summaries: PolicyResult[] = [];
  for (const [i, contender] of contenders.entries()) {
    // One after the other, with nothing else running: these are the times a robot would see.
    const latencyMs = await pool.run(startWork('latency', inputs[i]));
    const { source, policy, sampler } = contender;
    summaries.push(
      summarize(task, results[i], {
        name: source.kind === 'shipped' ? source.name : policyName(policy.spec.objective),
        run: source.kind === 'run' ? source.id : null,
        policy,
        sampler,
        actionHorizon: horizon,
        latencyMs,
      }),
    );
  }
  return {
    task: task.name,
    seed,
    rollouts,
    starts: new Set(grid.map(({ start }) => start)).size,
    engine,
    batch: BATCH,
    policies: summaries,
    paired: pairs(summaries, results),
    seconds: (performance.now() - began) / 1000,
  };
}

/** @throws ProtocolError where the policies cannot be compared, or not at that horizon */
function commonHorizon(contenders: readonly Contender[], wanted: number | undefined): number {
  const specs = contenders.map(({ policy }) => policy.spec);
  for (const key of ['task', 'controlHz'] as const) {
    const values = new Set(specs.map((spec) => spec[key]));
    if (values.size > 1) {
      throw new ProtocolError(
        'invalid-request',
        `compare: expected policies of one ${key}, got ${[...values].join(' and ')}`,
      );
    }
  }
  const longest = Math.min(...specs.map(({ predHorizon }) => predHorizon));
  const horizon = wanted ?? Math.min(...specs.map(defaultActionHorizon));
  if (horizon >= 1 && horizon <= longest) return horizon;
  throw new ProtocolError(
    'invalid-request',
    `action horizon: expected 1 to ${longest} (the shortest plan), got ${horizon}`,
  );
}

function shards<T>(items: readonly T[], size: number): T[][] {
  const parts: T[][] = [];
  for (let i = 0; i < items.length; i += size) parts.push(items.slice(i, i + size));
  return parts;
}

function pairs(
  summaries: readonly PolicyResult[],
  results: readonly (readonly GridResult[])[],
): Comparison['paired'] {
  return summaries.flatMap((a, i) =>
    summaries.slice(i + 1).map((b, offset) => {
      const j = i + 1 + offset;
      let onlyA = 0;
      let onlyB = 0;
      results[i].forEach(({ success }, cell) => {
        const other = results[j][cell].success;
        if (success && !other) onlyA++;
        if (other && !success) onlyB++;
      });
      return { a: a.run ?? a.name, b: b.run ?? b.name, mcnemarP: mcnemar(onlyA, onlyB) };
    }),
  );
}

/** Runs a bounded number of processes at once, and ends them all when told to. */
class WorkPool {
  readonly #size: number;
  readonly #signal: AbortSignal | undefined;

  constructor(size: number, signal: AbortSignal | undefined) {
    this.#size = size;
    this.#signal = signal;
  }

  async run<K extends WorkKind>(work: RunningWork<K>) {
    const kill = () => work.kill();
    this.#signal?.addEventListener('abort', kill);
    try {
      if (this.#signal?.aborted) work.kill();
      return await work.result;
    } catch (error) {
      if (this.#signal?.aborted) throw new ProtocolError('conflict', 'stopped by request');
      throw error;
    } finally {
      this.#signal?.removeEventListener('abort', kill);
    }
  }

  /** Results in the order of the tasks. */
  async all<T>(tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
    const results: T[] = [];
    let next = 0;
    const worker = async () => {
      for (let i = next++; i < tasks.length; i = next++) results[i] = await tasks[i]();
    };
    await Promise.all(Array.from({ length: this.#size }, worker));
    return results;
  }
}
