import { cpus } from 'node:os';
import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';
import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import type { SamplerChoice } from '../../policies/config/index.ts';
import { chooseDrawing, evaluationsOf } from '../../policies/drawing.ts';
import type { Engine } from '../../policies/engine/index.ts';
import { Random } from '../../policies/random.ts';
import { Episode } from '../../sim/index.ts';
import { Actor, observeAll, setUpActors } from '../acting/actor.ts';
import { commonHorizon } from '../acting/common-horizon.ts';
import { evaluationStart } from '../acting/evaluation-start.ts';
import { tcpPath } from '../acting/rollout.ts';
import { Durations, mapSpread } from '../protocol/durations.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { NO_MODE, packFan } from '../protocol/frames.ts';
import type { LatencyReport } from '../protocol/results.ts';
import type { PolicySource } from '../protocol/sources.ts';
import { describePolicy } from '../storage/open-policy.ts';
import type { EvaluationSetup } from './evaluate.ts';
import type { ControlLoop, Evaluation, EvaluationPlan } from './evaluation.ts';
import { overheadOf, PlanBook } from './plan-book.ts';

/** First plans left out of the figures, besides the very first. */
const WARM_UP_PLANS = 2;

/** What is asked about how long planning takes. */
export interface LatencyRequest extends ControlLoop, Omit<SamplerChoice, 'nfe'> {
  readonly policy: PolicySource;
  readonly seed: number;
  /** Network evaluations a plan, each measured in a loop of its own. @default the sampler's */
  readonly nfe?: readonly number[] | undefined;
  /** Ta. @default 1 s, at most the whole plan */
  readonly actionHorizon?: number | undefined;
}

/** How long every stage of planning takes in a control loop; a report for each number of network calls. */
export const latency: Evaluation<LatencyRequest, EvaluationPlan, readonly LatencyReport[]> = {
  async plan(workspace, { policy: source, seed, nfe: counts = [undefined], ...request }) {
    const about = await describePolicy(workspace, source);
    const actionHorizon = commonHorizon([about], request.actionHorizon);
    const { controlHz, seconds, eachPlan, stall } = request;
    return {
      inputs: counts.map((nfe) => {
        const sampler = chooseDrawing(about, { ...request, nfe });
        return { place: workspace.place, source, sampler, actionHorizon, seed };
      }),
      cells: [],
      timed: { controlHz, seconds, eachPlan, stall },
    };
  },
  conclude: (_, { loops }) => loops,
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
  eachPlan = false,
  stall,
  onProgress = () => {},
}: LatencyOptions): Promise<LatencyReport> {
  const about = policy.describe();
  const planner = await policy.prepare(1, sampler ? { sampler } : {});
  const setup = setUpActors(about, { actionHorizon });
  const period = 1000 / controlHz;
  const book = new PlanBook(period, eachPlan);
  const ages = new Durations();
  let firstCall = 0;
  let plans = 0;
  let number = 0;
  let observedAt = 0;
  const begin = () => {
    const initial = evaluationStart(task, { seed, start: number++ });
    return new Actor(Episode.create(rapier, task, initial, about.controlHz), setup, number);
  };
  let actor = begin();

  const plan = async (tick: number, due: number): Promise<Float32Array> => {
    const random = Random.of(seed, number, plans);
    const asked = performance.now();
    const { observation, told } = observeAll(setup, [actor]);
    const observed = performance.now();
    const drawn = await planner.draw(observation, [random], told);
    const failure = drawn.failures?.get(0);
    if (failure !== undefined) throw new ProtocolError('failed', failure);
    const drawnAt = performance.now();
    if (stall?.plan === book.plans + 1 && plans > WARM_UP_PLANS) busyFor(stall.ms);
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
    observedAt = asked;
    plans++;
    if (plans === 1) firstCall = ended - asked;
    if (plans <= 1 + WARM_UP_PLANS) return drawn.chunk;
    const { normalize, network, denormalize, wire } = drawn.times;
    book.enter({
      tick,
      stages: {
        observe: observed - asked,
        normalize,
        network: network + (encoding - drawnAt),
        denormalize,
        encode: ended - encoding,
        queue: asked - due,
      },
      chunkMs: ended - asked,
      wire,
    });
    return drawn.chunk;
  };

  for (let i = 0; i < WARM_UP_PLANS; i++) await plan(0, performance.now());
  actor.accept(await plan(0, performance.now()));
  const lag = monitorEventLoopDelay({ resolution: 1 });
  const garbage = watchGarbage();
  lag.enable();
  const start = performance.now();
  try {
    for (let tick = 0; tick < seconds * controlHz || book.plans === 0; tick++) {
      const due = start + tick * period;
      // A timer may ring a millisecond early.
      for (let left = due - performance.now(); left > 0; left = due - performance.now()) {
        await delay(left);
      }
      if (actor.needsPlan) actor.accept(await plan(tick, due));
      ages.record(performance.now() - observedAt);
      actor.step();
      if (actor.episode.decided) {
        actor.episode.free();
        actor = begin();
      }
      onProgress(Math.min(seconds, (tick + 1) / controlHz));
    }
  } finally {
    lag.disable();
    await garbage.end();
    actor.episode.free();
    await planner.dispose();
  }
  const { stages, chunkMs, missed, starvedTicks } = book.conclude();
  return {
    engine: engine.name,
    threads: engine.threads,
    cpu: cpus()[0]?.model ?? 'unknown',
    sampler: sampler?.kind ?? null,
    nfe: evaluationsOf(about, sampler),
    actionHorizon,
    n: book.plans,
    stages,
    chunkMs,
    perStepMs: mapSpread(chunkMs, (ms) => ms / actionHorizon),
    firstCallMs: firstCall,
    deadline: {
      hz: controlHz,
      blockingMs: period,
      aheadMs: actionHorizon * period,
      missed,
      starvedTicks,
      delaySteps: Math.ceil(chunkMs.p50 / period),
    },
    observationAgeMs: ages.spread(),
    eventLoopLagMs: {
      p50: lag.percentile(50) / 1e6,
      p99: lag.percentile(99) / 1e6,
      max: lag.max / 1e6,
    },
    garbage: garbage.found(),
    overheadMs: overheadOf(period, eachPlan),
    ...(eachPlan && { plans: book.each }),
  };
}

function busyFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

/** Garbage collections from now on. */
function watchGarbage() {
  let [collections, ms, longestMs] = [0, 0, 0];
  const take = (entries: readonly { readonly duration: number }[]) => {
    for (const { duration } of entries) {
      collections++;
      ms += duration;
      longestMs = Math.max(longestMs, duration);
    }
  };
  const observer = new PerformanceObserver((list) => take(list.getEntries()));
  observer.observe({ entryTypes: ['gc'] });
  return {
    async end() {
      // What was seen is told in turns of the event loop, of which a busy loop has none.
      await nextTurn();
      take(observer.takeRecords());
      observer.disconnect();
    },
    found: () => ({ collections, ms, longestMs }),
  };
}
