import { cpus } from 'node:os';
import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { SamplerChoice } from '../../policies/config/index.ts';
import { chooseDrawing } from '../../policies/drawing.ts';
import type { Engine } from '../../policies/engine/index.ts';
import { Random } from '../../policies/random.ts';
import { Episode, startSeed } from '../../sim/index.ts';
import { Actor, observeAll, setUpActors } from '../acting/actor.ts';
import { commonHorizon } from '../acting/common-horizon.ts';
import { tcpPath } from '../acting/rollout.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { NO_MODE, packFan } from '../protocol/frames.ts';
import type { LatencyReport, LatencyStage } from '../protocol/results.ts';
import type { PolicySource } from '../protocol/sources.ts';
import { percentiles } from '../statistics/index.ts';
import { describePolicy } from '../storage/open-policy.ts';
import type { EvaluationSetup } from './evaluate.ts';
import type { ControlLoop, Evaluation, EvaluationPlan } from './evaluation.ts';

/** First plans left out of the figures, besides the very first. */
const WARM_UP_PLANS = 2;

/** What is asked about how long planning takes. */
export interface LatencyRequest extends ControlLoop, SamplerChoice {
  readonly policy: PolicySource;
  readonly seed: number;
  /** Ta. @default 1 s, at most the whole plan */
  readonly actionHorizon?: number | undefined;
}

/** How long every stage of planning takes in a control loop. */
export const latency: Evaluation<LatencyRequest, EvaluationPlan, LatencyReport> = {
  async plan(workspace, request) {
    const { policy: source, seed, controlHz, seconds } = request;
    const about = await describePolicy(workspace, source);
    const sampler = chooseDrawing(about, request);
    const actionHorizon = commonHorizon([about], request.actionHorizon);
    return {
      inputs: [{ place: workspace.place, source, sampler, actionHorizon, seed }],
      cells: [],
      timed: { controlHz, seconds },
    };
  },
  conclude: (_, { loops }) => loops[0],
};

export interface LatencyOptions extends Omit<EvaluationSetup, 'batch'>, ControlLoop {
  /** What runs the policy. */
  readonly engine: Pick<Engine, 'name' | 'threads'>;
  readonly onProgress?: (seconds: number) => void;
}

/**
 * Runs a policy in a control loop on a fixed schedule and takes the time of every stage.
 *
 * Tick i is due at i/controlHz whatever happened before: a slow plan is charged with all the ticks
 * it held up, not only with one. The next plan is asked for at the tick at which all Ta actions have
 * been carried out; it misses its deadline when that tick is over before it is there. Goes on until
 * one plan has been measured, however short the time.
 */
export async function measureLatency({
  rapier,
  task,
  engine,
  policy,
  sampler,
  actionHorizon,
  seed,
  controlHz,
  seconds,
  onProgress = () => {},
}: LatencyOptions): Promise<LatencyReport> {
  const about = policy.describe();
  const planner = await policy.prepare(1, sampler ? { sampler } : {});
  const setup = setUpActors(about, { actionHorizon });
  const times: Record<LatencyStage, number[]> = {
    observe: [],
    normalize: [],
    network: [],
    denormalize: [],
    encode: [],
    queue: [],
  };
  const wire: number[] = [];
  const chunkMs: number[] = [];
  const period = 1000 / controlHz;
  let missed = 0;
  let starvedTicks = 0;
  let firstCall = 0;
  let plans = 0;
  let number = 0;
  const begin = () => {
    const initial = task.sampleInitialState(startSeed('evaluation', seed, number++));
    return new Actor(Episode.create(rapier, task, initial, about.controlHz), setup, number);
  };
  let actor = begin();

  const plan = async (due: number): Promise<Float32Array> => {
    const random = Random.of(seed, number, plans);
    const asked = performance.now();
    const { observation, told } = observeAll(setup, [actor]);
    const observed = performance.now();
    const drawn = await planner.draw(observation, [random], told);
    const failure = drawn.failures?.get(0);
    if (failure !== undefined) throw new ProtocolError('failed', failure);
    const encoding = performance.now();
    const points = Float32Array.from(tcpPath(drawn.chunk).flat());
    packFan({
      lane: 0,
      episodeId: 1,
      step: actor.episode.steps,
      nfe: planner.nfe,
      milliseconds: drawn.times.network,
      horizon: about.predHorizon,
      attention: null,
      paths: [{ mode: NO_MODE, points }],
      chunk: drawn.chunk,
    });
    const ended = performance.now();
    plans++;
    if (plans === 1) firstCall = ended - asked;
    if (plans <= 1 + WARM_UP_PLANS) return drawn.chunk;
    times.observe.push(observed - asked);
    times.normalize.push(drawn.times.normalize);
    times.network.push(drawn.times.network);
    times.denormalize.push(drawn.times.denormalize);
    if (drawn.times.wire !== undefined) wire.push(drawn.times.wire);
    times.encode.push(ended - encoding);
    times.queue.push(asked - due);
    chunkMs.push(ended - asked);
    // Measured from when the plan was due, so that a late start counts.
    const latency = ended - due;
    if (latency > period) missed++;
    starvedTicks += Math.max(0, Math.ceil(latency / period) - 1);
    return drawn.chunk;
  };

  for (let i = 0; i < WARM_UP_PLANS; i++) await plan(performance.now());
  actor.accept(await plan(performance.now()));
  const lag = monitorEventLoopDelay({ resolution: 1 });
  lag.enable();
  const start = performance.now();
  try {
    for (let tick = 0; tick < seconds * controlHz || chunkMs.length === 0; tick++) {
      const due = start + tick * period;
      // A timer may ring a millisecond early.
      for (let left = due - performance.now(); left > 0; left = due - performance.now()) {
        await delay(left);
      }
      if (actor.needsPlan) actor.accept(await plan(due));
      actor.step();
      if (actor.episode.decided) {
        actor.episode.free();
        actor = begin();
      }
      onProgress(Math.min(seconds, (tick + 1) / controlHz));
    }
  } finally {
    lag.disable();
    actor.episode.free();
    await planner.dispose();
  }
  const stages = Object.fromEntries(
    Object.entries(times).map(([stage, values]) => [stage, percentiles(values)]),
  ) as LatencyReport['stages'];
  const chunkTimes = percentiles(chunkMs);
  return {
    engine: engine.name,
    threads: engine.threads,
    cpu: cpus()[0]?.model ?? 'unknown',
    sampler: sampler?.kind ?? null,
    nfe: about.objective && planner.nfe,
    actionHorizon,
    n: chunkMs.length,
    stages: { ...stages, ...(wire.length > 0 && { wire: percentiles(wire) }) },
    chunkMs: chunkTimes,
    perStepMs: percentiles(chunkMs.map((ms) => ms / actionHorizon)),
    firstCallMs: firstCall,
    deadline: {
      hz: controlHz,
      missed,
      starvedTicks,
      delaySteps: Math.ceil(chunkTimes.p50 / period),
    },
    eventLoopLagMs: {
      p50: lag.percentile(50) / 1e6,
      p99: lag.percentile(99) / 1e6,
      max: lag.max / 1e6,
    },
  };
}
