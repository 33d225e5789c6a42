import {
  type Analysis,
  analyze,
  createCompiledEngine,
  type Engine,
} from '../../policies/engine/index.ts';
import { createUNet, type UNetConfig } from '../../policies/networks/unet.ts';
import { Random } from '../../policies/random.ts';
import {
  compileSampler,
  type SamplerSetup,
  samplerFunction,
} from '../../policies/samplers/compile.ts';
import { euler } from '../../policies/samplers/euler.ts';
import { createObjective } from '../../policies/training/objective.ts';
import { stepInputs, trainingStep } from '../../policies/training/step.ts';
import { Trainer, type TrainerConfig } from '../../policies/training/trainer.ts';
import { createPeakProbe, fitLine, machine, type Timing, timeCalls, timing } from './measure.ts';
import { type PeerCase, TorchPeer } from './peer.ts';

export interface NetworkCase {
  readonly kind: 'train' | 'infer';
  readonly channels: readonly number[];
  /** Tp */
  readonly horizon: number;
  readonly batch: number;
  /** Network evaluations of one plan. */
  readonly steps: number;
  readonly threads: number;
}

export interface NetworkResult {
  readonly name: string;
  readonly net: string;
  readonly batch: number;
  readonly horizon: number;
  readonly threads: number;
  readonly parameters: number;
  /** Median. */
  readonly ms: number;
  readonly timing: Timing;
  /** To trace the function and build its program, ms. */
  readonly compileMs: number;
  readonly nodes: number;
  /** Floating-point operations of the matrix products that run. */
  readonly flops: number;
  /** The same with each convolution as one product of columns, as others count it. */
  readonly plainFlops: number;
  /** Large matrix product through the same engine, in turns with the case, GFLOP/s. */
  readonly peakGflops: number;
  /** FLOPs that run, by the time, as a part of that peak. */
  readonly shareOfPeak: number;
  /** The same of the plain FLOPs; above 1 where fewer products do the same work. */
  readonly plainShareOfPeak: number;
  /** Growth of the process's memory over the measured calls, bytes a call. */
  readonly rssSlope: number;
  readonly peer: string | null;
  readonly peerMs: number | null;
  readonly peerTiming: Timing | null;
  /** ms / peerMs */
  readonly ratio: number | null;
  /** The same of the fastest times, which a busy machine disturbs less. */
  readonly fastestRatio: number | null;
}

export interface NetworkReport {
  readonly machine: string;
  /** Load average over the last minute, before and after. */
  readonly load: readonly [before: number, after: number];
  readonly threads: number;
  readonly engine: string;
  readonly results: readonly NetworkResult[];
}

export interface NetworkBenchOptions {
  /** Timed calls a case. */
  readonly calls: number;
  /** Python with PyTorch to measure against, in turns. */
  readonly python?: string;
  onResult(result: NetworkResult): void;
}

/** Turns of ours and the peer's: what disturbs the machine disturbs both. */
const ROUNDS = 5;
const ACTION_DIM = 8;
const OBSERVATION_DIM = 32;
const TRAINING: Omit<TrainerConfig, 'batch'> = {
  steps: 1_000_000,
  learningRate: 1e-3,
  warmupSteps: 100,
  weightDecay: 1e-6,
  clipNorm: 1,
  emaDecay: 0.995,
  seed: 0,
};

/** Measures training steps or plans, case after case. */
export async function benchNetworks(
  cases: readonly NetworkCase[],
  options: NetworkBenchOptions,
): Promise<NetworkReport> {
  const { machine: name, load: before } = machine();
  const results: NetworkResult[] = [];
  let engineName = '';
  for (const each of cases) {
    const engine = createCompiledEngine({ threads: each.threads });
    engineName = engine.name;
    const result = await benchCase(engine, each, options);
    options.onResult(result);
    results.push(result);
  }
  return {
    machine: name,
    load: [before, machine().load],
    threads: Math.max(...cases.map(({ threads }) => threads)),
    engine: engineName,
    results,
  };
}

async function benchCase(
  engine: Engine,
  benchCase: NetworkCase,
  { calls, python }: NetworkBenchOptions,
): Promise<NetworkResult> {
  const { kind, channels, batch, horizon, steps, threads } = benchCase;
  const began = performance.now();
  const work = await prepare(engine, benchCase);
  const compileMs = performance.now() - began;
  const peak = await createPeakProbe(engine);
  const peer = python === undefined ? null : new TorchPeer(python);
  try {
    const opened = await peer?.open(peerCase(benchCase, work.unet));
    const { times, peerTimes, gflops, rssSlope } = await takeTurns(work.call, peak, peer, calls);
    const ours = timing(times);
    const theirs = peerTimes.length > 0 ? timing(peerTimes) : null;
    const peakGflops = timing(gflops).p50;
    const { flops, plainFlops, nodes } = work.analysis;
    const share = (operations: number) => operations / (ours.p50 * 1e6) / peakGflops;
    return {
      name:
        kind === 'train'
          ? 'training step'
          : steps === 1
            ? 'network call'
            : `flow plan, ${steps} steps`,
      net: `[${channels}]`,
      batch,
      horizon,
      threads,
      parameters: work.parameters,
      ms: ours.p50,
      timing: ours,
      compileMs,
      nodes,
      flops,
      plainFlops,
      peakGflops,
      shareOfPeak: share(flops),
      plainShareOfPeak: share(plainFlops),
      rssSlope,
      peer: opened ? `PyTorch ${opened.version}` : null,
      peerMs: theirs?.p50 ?? null,
      peerTiming: theirs,
      ratio: theirs ? ours.p50 / theirs.p50 : null,
      fastestRatio: theirs ? ours.min / theirs.min : null,
    };
  } finally {
    peer?.close();
    await peak.dispose();
    await work.dispose();
  }
}

async function takeTurns(
  call: () => Promise<unknown>,
  peak: { sample(times: number): Promise<number[]> },
  peer: TorchPeer | null,
  calls: number,
) {
  const share = Math.ceil(calls / ROUNDS);
  const warmUp = Math.max(3, Math.ceil(share / 4));
  await timeCalls(call, warmUp);
  await peer?.run(warmUp);
  await peak.sample(2);
  const times: number[] = [];
  const peerTimes: number[] = [];
  const gflops: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    times.push(...(await timeCalls(call, share)));
    memory.push(process.memoryUsage.rss());
    gflops.push(...(await peak.sample(3)));
    if (peer) peerTimes.push(...(await peer.run(share)));
  }
  return { times, peerTimes, gflops, rssSlope: fitLine([...memory.keys()], memory).slope / share };
}

/** What is measured: a call that does all the work of one step or one plan. */
interface Work {
  readonly unet: UNetConfig;
  readonly parameters: number;
  readonly analysis: Analysis;
  call(): Promise<unknown>;
  dispose(): Promise<void>;
}

function unetOf({ channels, horizon }: Pick<NetworkCase, 'channels' | 'horizon'>): UNetConfig {
  return {
    horizon,
    actionDim: ACTION_DIM,
    observationDim: OBSERVATION_DIM,
    channels,
    kernel: 5,
    groups: 8,
    embedding: 64,
  };
}

/** A plan of flow steps by an untrained network. */
export function samplerSetup(
  shape: Pick<NetworkCase, 'channels' | 'horizon' | 'batch' | 'steps'>,
): SamplerSetup {
  const network = createUNet(unetOf(shape));
  return {
    network,
    weights: network.table.initialize(Random.of(2)),
    plan: euler(shape.steps),
    batch: shape.batch,
    chunk: [shape.horizon, ACTION_DIM],
    observationSize: OBSERVATION_DIM,
    noisy: true,
  };
}

export async function prepare(
  engine: Engine,
  { kind, channels, horizon, batch, steps }: NetworkCase,
): Promise<Work> {
  const unet = unetOf({ channels, horizon });
  const network = createUNet(unet);
  const random = Random.of(1);
  const common = { unet, parameters: network.table.size };
  if (kind === 'train') {
    const count = 4 * batch;
    const windows = {
      count,
      observations: random.fillNormal(new Float32Array(count * OBSERVATION_DIM)),
      chunks: random.fillNormal(new Float32Array(count * horizon * ACTION_DIM)),
    };
    const config = { ...TRAINING, batch };
    const trainer = await Trainer.create({
      engine,
      network,
      shape: unet,
      objective: createObjective({ kind: 'flow' }),
      windows,
      config,
    });
    return {
      ...common,
      analysis: await analyze(
        trainingStep(network, createObjective({ kind: 'flow' }), config),
        stepInputs(network.table.size, batch, unet),
      ),
      call: () => trainer.step(),
      dispose: () => trainer.dispose(),
    };
  }
  const setup = samplerSetup({ channels, horizon, batch, steps });
  const sampler = await compileSampler(engine, setup);
  const { fn, inputs } = samplerFunction(setup);
  const observation = random.fillNormal(new Float32Array(batch * OBSERVATION_DIM));
  const streams = Array.from({ length: batch }, (_, row) => Random.of(3, row));
  return {
    ...common,
    analysis: await analyze(fn, inputs),
    call: () => sampler.draw(observation, streams),
    dispose: () => sampler.dispose(),
  };
}

function peerCase(
  { kind, channels, horizon, batch, steps, threads }: NetworkCase,
  { kernel, groups, embedding, actionDim, observationDim }: UNetConfig,
): PeerCase {
  return {
    kind,
    channels,
    kernel,
    groups,
    embedding,
    horizon,
    actionDim,
    observationDim,
    batch,
    steps,
    threads,
  };
}
