import { type Analysis, createCompiledEngine, type Engine } from '../../policies/engine/index.ts';
import {
  type CallTimes,
  createPeakProbe,
  fitLine,
  machine,
  type Timing,
  timeCalls,
  timing,
} from './measure.ts';
import { Peer, type PeerCase, type PeerName, type PeerNetwork, type PeerPlan } from './peer.ts';

/** Something that a program does many times: training steps of a network, or plans. */
export interface BenchCase {
  readonly name: string;
  readonly kind: PeerCase['kind'];
  /** Channels of each level. */
  readonly channels: readonly number[];
  /** Tp, or the rows of a picture. */
  readonly horizon: number;
  readonly batch: number;
  /** Network evaluations of one plan, or steps of one picture. */
  readonly steps: number;
  readonly threads: number;
  /** What a peer builds for it. */
  readonly peer: PeerNetwork;
  /** A plan that a peer must come to as well. @default none: what it builds is trusted */
  plan?(engine: Engine): Promise<PeerPlan>;
  prepare(engine: Engine): Promise<Work>;
}

/** What is measured: a call that does all the work of one step or one plan. */
export interface Work {
  readonly parameters: number;
  readonly analysis: Analysis;
  call(): Promise<unknown>;
  dispose(): Promise<void>;
}

export interface BenchResult {
  readonly name: string;
  readonly net: string;
  readonly batch: number;
  readonly horizon: number;
  readonly threads: number;
  readonly parameters: number;
  /** Median. */
  readonly ms: number;
  readonly timing: Timing;
  /** Least time of the processor that a call took, of all threads, ms. */
  readonly cpuMs: number;
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
  /** Between a plan of the peer's and ours with the same weights, the largest of all numbers. */
  readonly peerDifference: number | null;
  readonly peerMs: number | null;
  readonly peerTiming: Timing | null;
  /** As `cpuMs`. */
  readonly peerCpuMs: number | null;
  /** ms / peerMs */
  readonly ratio: number | null;
  /** The same of the fastest times, which a busy machine disturbs less. */
  readonly fastestRatio: number | null;
  /** cpuMs / peerCpuMs, which it disturbs least. */
  readonly cpuRatio: number | null;
}

export interface BenchReport {
  readonly machine: string;
  /** Load average over the last minute, before and after. */
  readonly load: readonly [before: number, after: number];
  readonly threads: number;
  readonly engine: string;
  readonly results: readonly BenchResult[];
}

export interface BenchOptions {
  /** Timed calls a case. */
  readonly calls: number;
  /** What to measure against, in turns, and the Python that has it. */
  readonly peer?: { readonly name: PeerName; readonly python: string };
  onResult(result: BenchResult): void;
}

/** Turns of ours and the peer's: what disturbs the machine disturbs both. */
const ROUNDS = 5;
/** Of the peak in a turn, at most: as often as ours is timed. */
const PEAK_SAMPLES = 3;

/** Measures case after case. */
export async function benchInTurns(
  cases: readonly BenchCase[],
  options: BenchOptions,
): Promise<BenchReport> {
  const { machine: name, load: before } = machine();
  const results: BenchResult[] = [];
  let engineName = '';
  for (const each of cases) {
    const engine = createCompiledEngine({ threads: each.threads });
    engineName = engine.name;
    const result = await measure(engine, each, options);
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

async function measure(
  engine: Engine,
  benchCase: BenchCase,
  { calls, peer: chosen }: BenchOptions,
): Promise<BenchResult> {
  const { name, kind, channels, batch, horizon, steps, threads } = benchCase;
  const began = performance.now();
  const work = await benchCase.prepare(engine);
  const compileMs = performance.now() - began;
  const peak = await createPeakProbe(engine);
  const peer = chosen ? new Peer(chosen.name, chosen.python) : null;
  try {
    const opened = await peer?.open({ kind, batch, steps, threads, ...benchCase.peer });
    const plan = peer && (await benchCase.plan?.(engine));
    const peerDifference = plan ? await peer.check(plan) : null;
    const { times, peerTimes, gflops, rssSlope } = await takeTurns(work.call, peak, peer, calls);
    const ours = timing(times.ms);
    const cpuMs = Math.min(...times.cpuMs);
    const theirs = opened ? timing(peerTimes.ms) : null;
    const peerCpuMs = opened ? Math.min(...peerTimes.cpuMs) : null;
    const peakGflops = timing(gflops).p50;
    const { flops, plainFlops, nodes } = work.analysis;
    const share = (operations: number) => operations / (ours.p50 * 1e6) / peakGflops;
    return {
      name,
      net: `[${channels}]`,
      batch,
      horizon,
      threads,
      parameters: work.parameters,
      ms: ours.p50,
      timing: ours,
      cpuMs,
      compileMs,
      nodes,
      flops,
      plainFlops,
      peakGflops,
      shareOfPeak: share(flops),
      plainShareOfPeak: share(plainFlops),
      rssSlope,
      peer: opened ?? null,
      peerDifference,
      peerMs: theirs?.p50 ?? null,
      peerTiming: theirs,
      peerCpuMs,
      ratio: theirs && ours.p50 / theirs.p50,
      fastestRatio: theirs && ours.min / theirs.min,
      cpuRatio: peerCpuMs && cpuMs / peerCpuMs,
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
  peer: Peer | null,
  calls: number,
) {
  const share = Math.ceil(calls / ROUNDS);
  const warmUp = Math.max(3, Math.ceil(share / 4));
  await timeCalls(call, warmUp);
  await peer?.run(warmUp);
  await peak.sample(2);
  const rounds: CallTimes[] = [];
  const peerRounds: CallTimes[] = [];
  const gflops: number[] = [];
  const memory: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push(await timeCalls(call, share));
    memory.push(process.memoryUsage.rss());
    gflops.push(...(await peak.sample(Math.min(PEAK_SAMPLES, share))));
    if (peer) peerRounds.push(await peer.run(share));
  }
  const rssSlope = fitLine([...memory.keys()], memory).slope / share;
  return { times: together(rounds), peerTimes: together(peerRounds), gflops, rssSlope };
}

function together(rounds: readonly CallTimes[]): CallTimes {
  return {
    ms: rounds.flatMap(({ ms }) => ms),
    cpuMs: rounds.flatMap(({ cpuMs }) => cpuMs),
  };
}
