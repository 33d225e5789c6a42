import { performance } from 'node:perf_hooks';
import { setImmediate as yieldToMessages } from 'node:timers/promises';
import type { Demonstration } from '../../demos/demonstration.ts';
import type { DatasetStore } from '../../demos/store/index.ts';
import {
  learntFrames,
  normalizersOf,
  trainingWindows,
  windowImages,
  windowTexts,
} from '../../demos/windows.ts';
import type { PolicySpec } from '../../policies/config/index.ts';
import type { Engine } from '../../policies/engine/index.ts';
import type { TrainedPolicy } from '../../policies/network-policy.ts';
import { createNetwork, networkShape } from '../../policies/networks/create.ts';
import type { Network } from '../../policies/networks/network.ts';
import { createTextEncoder, type PretrainedEncoder } from '../../policies/text/encoder.ts';
import { createObjective } from '../../policies/training/objective.ts';
import { reflowWindows } from '../../policies/training/reflow.ts';
import {
  readingAnew,
  type StepReport,
  stateFrom,
  Trainer,
} from '../../policies/training/trainer.ts';
import type { TrainingWindows } from '../../policies/training/windows.ts';
import { frontCamera } from '../../sim/camera/index.ts';
import { ACTION_DIM } from '../../sim/index.ts';
import type { Preparation } from '../protocol/events.ts';
import type { Metric, Run } from '../protocol/runs.ts';
import { mean } from '../statistics/index.ts';
import { datasetChanged } from '../storage/run-dataset.ts';
import type { Lock, RunStore } from '../storage/run-store.ts';
import { encoderFor, type TextEncoderPlace } from '../storage/text-encoder.ts';
import { normalizersLike, readOrigin, readsOtherwise } from './origin.ts';
import { measureStraightness } from './reflow.ts';

/** Points a loss curve is made of, about. */
const METRICS_PER_RUN = 400;
/** Time between checkpoints, ms: what a kill can cost. */
const CHECKPOINT_INTERVAL = 15_000;

export interface TrainOptions {
  readonly engine: Engine;
  /** Ends the run at the next step, with a checkpoint. */
  readonly signal?: AbortSignal;
  readonly onMetric?: (metric: Metric) => void;
  readonly onPreparation?: (preparation: Preparation) => void;
  /** Name of a lock on the run whose holder this process works for. */
  readonly heldBy?: string | undefined;
  /** How long to wait for whoever holds the run, ms. @default a moment */
  readonly patienceMs?: number | undefined;
  /** Where the encoder is that a policy reads with. @default it reads with its own */
  readonly reading?: TextEncoderPlace;
}

interface HeldOptions extends TrainOptions {
  /** On the run. */
  readonly lock: Lock;
}

/**
 * Trains a run from its last checkpoint, or from nothing, to its end. Holds it meanwhile.
 *
 * @returns the run as it was left: done or stopped
 * @throws ProtocolError 'conflict' where another holds the run, which then stays as it is; whatever
 *         else ends the training, after which the run is failed
 */
export async function trainRun(
  runs: RunStore,
  datasets: DatasetStore,
  id: string,
  options: TrainOptions,
): Promise<Run> {
  const lock = await runs.hold(id, options.heldBy, options.patienceMs);
  try {
    return await trainHeld(runs, datasets, id, { ...options, lock });
  } finally {
    await lock.release();
  }
}

async function trainHeld(
  runs: RunStore,
  datasets: DatasetStore,
  id: string,
  options: HeldOptions,
): Promise<Run> {
  const run = await runs.read(id);
  // One at rest stays as it was where its demonstrations are refused: nothing has become of it.
  const read = run.status === 'queued' ? null : await readDemonstrations(datasets, run);
  try {
    await runs.update(id, {
      status: 'running',
      pid: process.pid,
      engine: options.engine.name,
      error: null,
    });
    const demonstrations = read ?? (await readDemonstrations(datasets, run));
    const status = await trainOn(runs, run, demonstrations, options);
    await options.lock.assertHeld();
    return await runs.update(id, { status, pid: null });
  } catch (error) {
    // Whoever lost the run says nothing more in it.
    await options.lock.assertHeld();
    const message = error instanceof Error ? error.message : String(error);
    await runs.update(id, { status: 'failed', pid: null, error: message });
    throw error;
  }
}

/** @throws ProtocolError 'conflict' when the dataset is no longer the one the run began with */
async function readDemonstrations(datasets: DatasetStore, run: Run): Promise<Demonstration[]> {
  const dataset = await datasets.open(run.dataset.name);
  if (dataset.hash !== run.dataset.hash) throw datasetChanged(run, dataset.info);
  return dataset.readAll();
}

async function trainOn(
  runs: RunStore,
  run: Run,
  demonstrations: readonly Demonstration[],
  { engine, signal, onMetric, onPreparation, lock, reading = {} }: HeldOptions,
): Promise<'done' | 'stopped'> {
  const { id, spec, training } = run;
  const pretrained = await encoderFor(reading, spec.condition?.text);
  const checkpoint = await runs.readCheckpoint(id);
  const before = checkpoint ? run.seconds : 0;
  // A reflow's pairs are part of what it costs.
  const began = performance.now();
  const elapsed = () => before + (performance.now() - began) / 1000;
  const teacher = run.teacher && (await readOrigin(runs, id, 'teacher', run.teacher));
  // Once there is a checkpoint, nothing more is needed of a policy whose weights a run began with.
  const beginning =
    teacher ??
    (run.from && (checkpoint?.policy ?? (await readOrigin(runs, id, 'beginning', run.from))));
  const normalizers = beginning
    ? normalizersLike(beginning)
    : normalizersOf(demonstrations, { blind: spec.condition?.image !== undefined });
  const policy: Omit<TrainedPolicy, 'weights'> = {
    method: run.policy,
    spec,
    observationDim: normalizers.observation.size,
    actionDim: ACTION_DIM,
    observationRange: normalizers.observation.range,
    actionRange: normalizers.action.range,
  };
  const shape = networkShape(spec, policy);
  const network = createNetwork(spec, shape);
  const goOn = (preparing: Preparation['preparing']) => async (share: number) => {
    onPreparation?.({ preparing, share });
    await yieldToMessages();
    return !signal?.aborted;
  };
  const demonstrated = trainingWindows(demonstrations, normalizers, spec);
  const windows = teacher
    ? await reflowWindows(engine, { network, shape, weights: teacher.weights }, demonstrated, {
        seed: training.seed,
        goOn: goOn('pairs'),
      })
    : demonstrated;
  const condition = await conditionWindows(demonstrations, spec, {
    pretrained,
    goOn: goOn('pictures'),
  });
  if (!windows || !condition) return 'stopped';
  const state = checkpoint?.state ?? (beginning && stateFrom(weightsFrom(beginning, run, network)));
  const trainer = await Trainer.create({
    engine,
    network,
    shape,
    objective: createObjective(spec.objective),
    windows: { ...windows, ...condition },
    config: training,
    ...(state && { state }),
    key: JSON.stringify(spec),
  });
  try {
    const progress = { lock, policy, saved: checkpoint?.state.step ?? null, elapsed };
    const status = await takeSteps(runs, run, trainer, { ...progress, signal, onMetric });
    if (status === 'stopped' || !teacher) return status;
    const students = { before: teacher.weights, after: trainer.state().vectors.ema };
    const straightness = await measureStraightness(engine, { network, shape }, students, {
      windows: demonstrated,
      seed: training.seed,
    });
    await lock.assertHeld();
    await runs.update(id, { straightness });
    return status;
  } finally {
    await trainer.dispose();
  }
}

/** A run that reads with another encoder than the policy it begins with learns words anew. */
function weightsFrom(
  { spec, weights, ...dimensions }: TrainedPolicy,
  run: Run,
  network: Network,
): Float32Array {
  if (!readsOtherwise(spec, run.spec)) return weights;
  const other = createNetwork(spec, networkShape(spec, dimensions));
  return readingAnew(network, { network: other, weights }, run.training.seed);
}

interface StepsOptions {
  readonly lock: Lock;
  readonly policy: Omit<TrainedPolicy, 'weights'>;
  /** Step of the checkpoint that is there; null where there is none. */
  readonly saved: number | null;
  /** Time spent training, s. */
  readonly elapsed: () => number;
  readonly signal: AbortSignal | undefined;
  readonly onMetric: ((metric: Metric) => void) | undefined;
}

/** Takes the steps that are left, and keeps metrics and checkpoints of them. */
async function takeSteps(
  runs: RunStore,
  { id, training }: Run,
  trainer: Trainer,
  { lock, policy, saved, elapsed, signal, onMetric }: StepsOptions,
): Promise<'done' | 'stopped'> {
  const metrics = await runs.openMetrics(id, trainer.steps);
  const interval = new MetricInterval(Math.ceil(training.steps / METRICS_PER_RUN));
  let loss: number | null = null;
  let savedStep = saved;
  let savedAt = performance.now();
  const save = async () => {
    const state = trainer.state();
    // The record comes last: what it names is on the disk by then.
    await lock.assertHeld();
    const named: Partial<Run> = { metricsChain: await metrics.commit() };
    if (state.step !== savedStep) {
      const trained = { ...policy, weights: state.vectors.ema };
      const checkpoint = { policy: trained, training, state };
      named.checkpointSha256 = await runs.writeCheckpoint(id, checkpoint);
    }
    await lock.assertHeld();
    const figures = { step: state.step, seconds: elapsed(), ...(loss !== null && { loss }) };
    await runs.update(id, { ...named, ...figures });
    savedStep = state.step;
    savedAt = performance.now();
  };
  try {
    while (trainer.steps < training.steps && !signal?.aborted) {
      const metric = interval.add(await trainer.step(), elapsed());
      if (metric) {
        loss = metric.loss;
        await metrics.append(metric);
        onMetric?.(metric);
      }
      if (performance.now() - savedAt > CHECKPOINT_INTERVAL) await save();
      // The step blocks this process; between steps it listens for being told to stop.
      await yieldToMessages();
    }
    await save();
    return trainer.steps < training.steps ? 'stopped' : 'done';
  } finally {
    await metrics.close();
  }
}

/**
 * What the demonstrators of all windows were told, and what the camera saw, where a policy reads.
 *
 * @param pretrained where it reads with an encoder from outside
 * @param goOn       asked between episodes that are rendered, with the share that is done
 * @returns          null where `goOn` said no
 */
export async function conditionWindows(
  demonstrations: readonly Demonstration[],
  { condition }: PolicySpec,
  {
    pretrained,
    goOn = async () => true,
  }: {
    readonly pretrained?: PretrainedEncoder | undefined;
    readonly goOn?: (share: number) => Promise<boolean>;
  } = {},
): Promise<Pick<TrainingWindows, 'text' | 'images'> | null> {
  if (!condition) return {};
  const text = await windowTexts(demonstrations, createTextEncoder(condition.text, pretrained));
  if (!condition.image) return { text };
  const camera = frontCamera(condition.image.size);
  const frames = demonstrations.reduce((total, each) => total + learntFrames(each).length, 0);
  const images = new Uint8Array(3 * camera.spec.size ** 2 * frames);
  let done = 0;
  for (const demonstration of demonstrations) {
    if (!(await goOn(done / images.length))) return null;
    const seen = windowImages(demonstration, camera);
    images.set(seen, done);
    done += seen.length;
  }
  return { text, images };
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
