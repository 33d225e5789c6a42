import { performance } from 'node:perf_hooks';
import { setImmediate as yieldToMessages } from 'node:timers/promises';
import type { Demonstration } from '../../demos/demonstration.ts';
import type { DatasetInfo, DatasetStore } from '../../demos/store/index.ts';
import { normalizersOf, observationDim, trainingWindows } from '../../demos/windows.ts';
import type { Engine } from '../../policies/engine/index.ts';
import { createUNet } from '../../policies/networks/unet.ts';
import { createObjective } from '../../policies/objectives/index.ts';
import { type TrainedPolicy, unetConfig } from '../../policies/policy.ts';
import { PRESETS, presetPolicy } from '../../policies/spec/index.ts';
import { type StepReport, Trainer } from '../../policies/training/trainer.ts';
import { ACTION_DIM } from '../../sim/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Metric, Run, TrainRequest } from '../protocol/runs.ts';
import type { RunStore } from './run-store.ts';

/** Points a loss curve is made of, about. */
const METRICS_PER_RUN = 400;
/** Time between checkpoints, ms: what a kill can cost. */
const CHECKPOINT_INTERVAL = 15_000;
/** Below this many demonstrations a policy learns little beyond them. */
const FEW_EPISODES = 20;

/**
 * Takes up a new run: checks what was asked for against the dataset and writes `run.json`.
 *
 * @throws ProtocolError 'conflict' where the dataset cannot train anything
 * @throws DatasetError
 */
export async function createRun(
  runs: RunStore,
  datasets: DatasetStore,
  request: TrainRequest,
): Promise<Run> {
  const { info } = await datasets.open(request.dataset);
  if (info.episodes === 0) {
    throw new ProtocolError(
      'conflict',
      `dataset ${info.name}: expected at least one episode to train on, got none; ` +
        'record or generate demonstrations first',
    );
  }
  const preset = PRESETS[request.preset].training;
  const steps = request.steps ?? preset.steps;
  return runs.create({
    policy: request.policy,
    preset: request.preset,
    spec: presetPolicy(request.preset, request.policy, info),
    // A short run warms up for a part of it, or it would end before it reaches its rate.
    training: {
      ...preset,
      steps,
      warmupSteps: Math.min(preset.warmupSteps, Math.ceil(steps / 10)),
      seed: request.seed,
    },
    dataset: { name: info.name, hash: info.hash, episodes: info.episodes },
    status: 'queued',
    pid: null,
    engine: null,
    step: 0,
    loss: null,
    seconds: 0,
    warnings: warningsFor(info),
    error: null,
  });
}

/** What a dataset lets one expect, where that is less than people hope for. */
function warningsFor({ name, modes, episodes, successes }: DatasetInfo): string[] {
  const warnings: string[] = [];
  const missing = Object.entries(modes).filter(([, count]) => count === 0);
  if (missing.length > 0) {
    warnings.push(
      `dataset ${name} shows no demonstration of ${missing.map(([mode]) => mode).join(' or ')}: ` +
        'every policy will learn the one mode there is, and none will average modes',
    );
  }
  if (episodes < FEW_EPISODES) {
    warnings.push(
      `dataset ${name} has ${episodes} demonstrations: expect a policy that repeats them and ` +
        `fails elsewhere; ${FEW_EPISODES} or more pairs from varied starts are a beginning`,
    );
  }
  if (successes < episodes) {
    warnings.push(
      `${episodes - successes} of ${episodes} demonstrations in ${name} did not succeed: ` +
        'policies imitate failures as well',
    );
  }
  return warnings;
}

export interface TrainOptions {
  readonly engine: Engine;
  /** Ends the run at the next step, with a checkpoint. */
  readonly signal?: AbortSignal;
  readonly onMetric?: (metric: Metric) => void;
}

/**
 * Trains a run from its last checkpoint, or from nothing, to its end.
 *
 * @returns the run as it was left: done, stopped or failed
 */
export async function trainRun(
  runs: RunStore,
  datasets: DatasetStore,
  id: string,
  { engine, signal, onMetric }: TrainOptions,
): Promise<Run> {
  const run = await runs.read(id);
  try {
    await runs.update(id, {
      status: 'running',
      pid: process.pid,
      engine: engine.name,
      error: null,
    });
    const demonstrations = await readDemonstrations(datasets, run);
    const status = await trainOn(runs, run, demonstrations, { engine, signal, onMetric });
    return await runs.update(id, { status, pid: null });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    await runs.update(id, { status: 'failed', pid: null, error: message });
    throw error;
  }
}

/** @throws ProtocolError 'conflict' when the dataset is no longer the one the run began with */
async function readDemonstrations(datasets: DatasetStore, run: Run): Promise<Demonstration[]> {
  const dataset = await datasets.open(run.dataset.name);
  if (dataset.info.hash !== run.dataset.hash) {
    throw new ProtocolError(
      'conflict',
      `run ${run.id}: expected dataset ${run.dataset.name} as it was when the run began ` +
        `(${run.dataset.episodes} episodes, hash ${run.dataset.hash.slice(0, 12)}), got ` +
        `${dataset.info.episodes} episodes, hash ${dataset.info.hash.slice(0, 12)}; ` +
        'start a new run on it',
    );
  }
  return dataset.readAll();
}

async function trainOn(
  runs: RunStore,
  run: Run,
  demonstrations: readonly Demonstration[],
  {
    engine,
    signal,
    onMetric,
  }: {
    engine: Engine;
    signal: AbortSignal | undefined;
    onMetric: TrainOptions['onMetric'];
  },
): Promise<'done' | 'stopped'> {
  const { id, spec, training } = run;
  const checkpoint = await runs.readCheckpoint(id);
  const normalizers = normalizersOf(demonstrations);
  const policy: Omit<TrainedPolicy, 'weights'> = {
    spec,
    observationDim: observationDim(demonstrations[0]),
    actionDim: ACTION_DIM,
    observationRange: normalizers.observation.range,
    actionRange: normalizers.action.range,
  };
  const unet = unetConfig(spec, policy);
  const trainer = await Trainer.create({
    engine,
    network: createUNet(unet),
    unet,
    objective: createObjective(spec.objective),
    windows: trainingWindows(demonstrations, normalizers, spec),
    config: training,
    ...(checkpoint ? { state: checkpoint.state } : {}),
    key: JSON.stringify(spec),
  });
  const before = checkpoint ? run.seconds : 0;
  const began = performance.now();
  const elapsed = () => before + (performance.now() - began) / 1000;
  const save = async (loss: number | null) => {
    const state = trainer.state();
    const trained = { ...policy, weights: state.vectors.ema };
    await runs.writeCheckpoint(id, { policy: trained, training, state });
    await runs.update(id, { step: state.step, seconds: elapsed(), ...(loss !== null && { loss }) });
  };
  try {
    await runs.truncateMetrics(id, trainer.steps);
    const interval = new MetricInterval(Math.ceil(training.steps / METRICS_PER_RUN));
    let loss: number | null = null;
    let saved = performance.now();
    while (trainer.steps < training.steps && !signal?.aborted) {
      const metric = interval.add(await trainer.step(), elapsed());
      if (metric) {
        loss = metric.loss;
        await runs.appendMetric(id, metric);
        onMetric?.(metric);
      }
      if (performance.now() - saved > CHECKPOINT_INTERVAL) {
        await save(loss);
        saved = performance.now();
      }
      // The step blocks this process; between steps it listens for being told to stop.
      await yieldToMessages();
    }
    await save(loss);
    return trainer.steps < training.steps ? 'stopped' : 'done';
  } finally {
    await trainer.dispose();
  }
}

/** Means over intervals of a fixed number of steps. */
class MetricInterval {
  readonly #length: number;
  #losses: number[] = [];
  #norms: number[] = [];

  constructor(length: number) {
    this.#length = length;
  }

  add({ step, loss, gradientNorm, learningRate }: StepReport, seconds: number): Metric | null {
    this.#losses.push(loss);
    this.#norms.push(gradientNorm);
    if (this.#losses.length < this.#length) return null;
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value) / values.length;
    const metric = {
      step,
      loss: mean(this.#losses),
      gradientNorm: mean(this.#norms),
      learningRate,
      seconds,
    };
    this.#losses = [];
    this.#norms = [];
    return metric;
  }
}
