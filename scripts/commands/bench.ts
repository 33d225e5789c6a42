import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Slope } from '../bench/measure.ts';
import { benchMemory, type MemoryReport } from '../bench/memory.ts';
import {
  benchNetworks,
  type NetworkCase,
  type NetworkReport,
  type NetworkResult,
} from '../bench/network.ts';
import { type OperatorShare, profileNetwork } from '../bench/profile.ts';
import { benchRollouts, type RolloutReport } from '../bench/rollouts.ts';
import { benchSim, type SimReport } from '../bench/sim.ts';
import { benchStream, type StreamReport } from '../bench/stream.ts';
import type { TakeoverVerdict } from '../bench/takeover-verdict.ts';
import { benchTakeovers, type TakeoverOptions, type TakeoverReport } from '../bench/takeovers.ts';
import { numberWithin, parseLane, SEED, wholeNumber, withCommon } from '../options.ts';
import { formatTable, percent, printJson, range } from '../table.ts';

interface RolloutOptions {
  readonly policies: string;
  readonly rollouts: number;
  readonly json?: true;
}

const JSON_OPTION = ['--json', 'print the result as one JSON document on standard output'] as const;

export function defineBench(bench: Command): void {
  addTakeoverBench(bench);
  addNetworkBench(bench, 'train', 'one training step: loss, gradients, AdamW, EMA');
  addNetworkBench(bench, 'infer', 'one network call, and one plan of four flow steps');
  bench
    .command('sim')
    .description('control steps of the physics')
    .option('--episodes <n>', 'how many', wholeNumber(1, 10_000), 10)
    .option(...JSON_OPTION)
    .action(async ({ episodes, json }: { episodes: number; json?: true }) => {
      const report = await benchSim(episodes);
      if (json) printJson(report);
      else process.stdout.write(describeSim(report));
    });
  bench
    .command('rollouts')
    .description('rollouts per second: one at a time, and as compare runs them')
    .option('--policies <list>', 'which of the shipped policies', 'l2,diffusion,flow')
    .option('--rollouts <n>', 'of each policy', wholeNumber(1, 10_000), 50)
    .option(...JSON_OPTION)
    .action(async ({ policies, rollouts, json }: RolloutOptions) => {
      const lanes = policies.split(',').map((entry) => parseLane(entry, {}));
      const report = await benchRollouts(lanes, rollouts);
      if (json) printJson(report);
      else process.stdout.write(describeRollouts(report));
    });
  bench
    .command('memory')
    .description('memory that training steps, and programs made and disposed of, leave behind')
    .option('--steps <n>', 'training steps', wholeNumber(100, 1_000_000), 10_000)
    .option('--programs <n>', 'programs', wholeNumber(10, 100_000), 1000)
    .option(...JSON_OPTION)
    .action(async ({ json, ...times }: { steps: number; programs: number; json?: true }) => {
      const report = await benchMemory(times, ({ name, rss }) =>
        process.stderr.write(`${name}: ${rss.slope.toFixed(0)} bytes each\n`),
      );
      if (json) printJson(report);
      else process.stdout.write(describeMemory(report));
    });
  bench
    .command('stream')
    .description('frames and event-loop lag of a server, at rest and while it trains')
    .option('--seconds <s>', 'how long each', numberWithin(1, 600), 10)
    .option(...JSON_OPTION)
    .action(async ({ seconds, json }: { seconds: number; json?: true }) => {
      const report = await benchStream(seconds);
      if (json) printJson(report);
      else process.stdout.write(describeStream(report));
    });
}

function addTakeoverBench(bench: Command): void {
  withCommon(bench.command('takeovers'))
    .description(
      'what corrections by a scripted expert are worth to a flow trained on few demonstrations',
    )
    .option('--task <name>', 'what is demonstrated', 'left-right')
    .option('--demonstrations <n>', 'without pushes', wholeNumber(2, 1000), 20)
    .option(
      '--part <share>',
      'they begin with the first object in this outermost part of where starts lie; 1 is everywhere',
      numberWithin(0.01, 1),
      0.2,
    )
    .option('--steps <n>', 'of the policy that is corrected', wholeNumber(1, 1_000_000), 2000)
    .option('--takeovers <n>', 'at most', wholeNumber(1, 100), 10)
    .option('--more-steps <n>', 'with the corrections', wholeNumber(1, 1_000_000), 2000)
    .option('--rollouts <n>', 'each from its own start', wholeNumber(10, 10_000), 100)
    .option('--seed <n>', 'of demonstrations, weights and takeovers', SEED, 0)
    .option('--seeds <n>', 'how often: with this seed and those after it', wholeNumber(1, 100), 1)
    .option('--evaluation-seed <n>', 'of the starts of the comparison', SEED, 0)
    .action(async ({ json, ...options }: TakeoverOptions & { json?: true }) => {
      const report = await benchTakeovers(options);
      if (json) printJson(report);
      else describeTakeovers(report);
    });
}

function describeTakeovers({ trials, verdict, load }: TakeoverReport): void {
  const row = (name: string, { before, control, corrected, ...gains }: TakeoverVerdict) => [
    name,
    ...[before, control, corrected].map(({ rate, ci95 }) => `${percent(rate)} ${range(ci95)}`),
    ...[gains.correctedOverBefore, gains.correctedOverControl, gains.controlOverBefore].map(
      ({ rate, p }) => `${rate < 0 ? '−' : '+'}${percent(Math.abs(rate))} p ${p.toPrecision(2)}`,
    ),
  ];
  const rows = trials.map((trial) => row(`seed ${trial.seed}`, trial.verdict));
  process.stdout.write(
    formatTable(
      [
        ...['', 'before', 'without corrections', 'with corrections'],
        ...['with − before', 'with − without', 'without − before'],
      ],
      trials.length > 1 ? [...rows, row('together', verdict)] : rows,
    ),
  );
  for (const { seed, takeovers, attempts, failures, seconds } of trials) {
    process.stdout.write(
      `seed ${seed}: ${takeovers.length} takeovers of ${failures} failures in ${attempts} attempts; ` +
        `with the training on them ${seconds.toFixed(0)} s\n`,
    );
  }
  process.stdout.write(
    `success with 95 % intervals, exact McNemar on the same starts · load ` +
      `${load.map((each) => each.toFixed(1)).join(' to ')}\n`,
  );
}

interface NetworkOptions {
  readonly net?: readonly number[];
  readonly batch?: number;
  readonly horizon: number;
  readonly threads?: number;
  readonly calls: number;
  readonly peer?: 'torch';
  readonly python: string;
  readonly profile?: true;
  readonly json?: true;
}

function addNetworkBench(bench: Command, kind: NetworkCase['kind'], summary: string): void {
  bench
    .command(kind)
    .description(summary)
    .option('--net <channels>', 'one network, e.g. 64,128,256 (default: several)', channels)
    .option('--batch <n>', 'rows at once', wholeNumber(1, 4096))
    .option('--horizon <n>', 'prediction horizon Tp', wholeNumber(4, 128), 16)
    .option('--threads <n>', 'threads, of the engine and of the peer', wholeNumber(1, 64))
    .option('--calls <n>', 'timed calls per case', wholeNumber(5, 100_000), 50)
    .addOption(new Option('--peer <name>', 'measure PyTorch as well, in turns').choices(['torch']))
    .option('--python <path>', 'Python that has PyTorch', 'python3')
    .option('--profile', 'report which operators take the time instead')
    .option(...JSON_OPTION)
    .action((options: NetworkOptions) => runNetworkBench(kind, options));
}

/** Channels of each level, as commander's argument parser. */
function channels(text: string): number[] {
  const widths = text.split(',').map(Number);
  const good = widths.every((width) => Number.isInteger(width) && width >= 8 && width % 8 === 0);
  if (good && widths.length <= 4) return widths;
  throw new InvalidArgumentError(
    `expected one to four multiples of 8 with commas between, e.g. 32,64, got "${text}"`,
  );
}

const TRAIN_CASES: readonly Pick<NetworkCase, 'channels' | 'batch' | 'threads'>[] = [
  { channels: [32, 64], batch: 64, threads: 1 },
  { channels: [64, 128, 256], batch: 256, threads: 2 },
];
const INFER_NETS: readonly (readonly number[])[] = [
  [32, 64],
  [32, 64, 128],
  [64, 128, 256],
];

function casesOf(
  kind: NetworkCase['kind'],
  { net, batch, horizon, threads }: NetworkOptions,
): NetworkCase[] {
  const sizes = (each: { batch: number; threads: number }) => ({
    batch: batch ?? each.batch,
    threads: threads ?? each.threads,
  });
  if (kind === 'train') {
    const given = net && { channels: net, batch: 64, threads: 1 };
    return (given ? [given] : TRAIN_CASES).map((each) => ({
      kind,
      channels: each.channels,
      horizon,
      steps: 1,
      ...sizes(each),
    }));
  }
  return (net ? [net] : INFER_NETS).flatMap((channels) =>
    [1, 4].map((steps) => ({ kind, channels, horizon, steps, ...sizes({ batch: 1, threads: 1 }) })),
  );
}

async function runNetworkBench(kind: NetworkCase['kind'], options: NetworkOptions): Promise<void> {
  const cases = casesOf(kind, options);
  const { calls, json, peer, python } = options;
  if (options.profile) {
    for (const each of cases) {
      const operators = await profileNetwork(each, calls);
      if (json) printJson({ ...each, operators });
      else process.stdout.write(`${describeCase(each)}\n${describeProfile(operators)}\n`);
    }
    return;
  }
  const report = await benchNetworks(cases, {
    calls,
    ...(peer && { python }),
    onResult: ({ net, name, ms }) =>
      process.stderr.write(`${net} ${name}: ${ms.toPrecision(3)} ms\n`),
  });
  if (json) printJson(report);
  else process.stdout.write(describeNetworks(report));
}

function describeCase({ channels, batch, horizon, steps, threads }: NetworkCase): string {
  return `[${channels}], batch ${batch}, Tp ${horizon}, ${steps} network calls, ${threads} threads`;
}

function describeProfile(operators: readonly OperatorShare[]): string {
  return formatTable(
    ['operator', 'nodes', 'ms', 'share'],
    operators.map(({ operator, nodes, ms, share }) => [
      operator,
      String(nodes),
      ms.toFixed(3),
      percent(share),
    ]),
  );
}

function describeNetworks({ machine, load, engine, results }: NetworkReport): string {
  const row = (result: NetworkResult) => [
    `${result.net} ${result.name}`,
    String(result.batch),
    String(result.threads),
    result.ms.toFixed(2),
    result.timing.p99.toFixed(2),
    result.timing.min.toFixed(2),
    percent(result.timing.spread),
    (result.flops / 1e9).toPrecision(3),
    percent(result.shareOfPeak),
    percent(result.plainShareOfPeak),
    result.peerMs?.toFixed(2) ?? '–',
    result.ratio?.toFixed(2) ?? '–',
    result.fastestRatio?.toFixed(2) ?? '–',
  ];
  const peer = results.find((result) => result.peer)?.peer;
  const columns = ['', 'batch', 'threads', 'ms p50', 'p99', 'min', '±'];
  const about = [
    machine,
    `load ${load.map((value) => value.toFixed(1)).join(' → ')}`,
    engine,
    ...(peer ? [peer] : []),
  ];
  const shares = ['GFLOP', 'of peak', 'plain', 'peer ms', 'ratio', 'of min'];
  return `${about.join(', ')}\n${formatTable([...columns, ...shares], results.map(row))}`;
}

function describeSim({ machine, controlStepMs, createMs, realTimeFactor }: SimReport): string {
  return (
    `${machine}\n` +
    `control step ${controlStepMs.p50.toFixed(3)} ms (p99 ${controlStepMs.p99.toFixed(3)}), ` +
    `new world ${createMs.p50.toFixed(2)} ms, ${realTimeFactor.toFixed(0)} × real time\n`
  );
}

function describeRollouts({ machine, rollouts, ways, speedup }: RolloutReport): string {
  const rows = ways.map(({ name, processes, batch, seconds, rolloutsPerSecond, successes }) => [
    name,
    String(processes),
    String(batch),
    seconds.toFixed(1),
    rolloutsPerSecond.toFixed(2),
    String(successes),
  ]);
  const columns = ['', 'processes', 'share a call', 's', 'rollouts/s', 'successes'];
  return (
    `${machine}, ${rollouts} rollouts of each of l2, diffusion and flow\n` +
    `${formatTable(columns, rows)}${speedup.toFixed(2)} × as fast\n`
  );
}

function describeMemory({ machine, engine, results }: MemoryReport): string {
  const bytes = ({ slope, error }: Slope) => `${slope.toFixed(0)} ± ${error.toFixed(0)}`;
  const rows = results.map(({ name, times, rss, heap, resident }) => [
    name,
    String(times),
    bytes(rss),
    bytes(heap),
    (resident / 2 ** 20).toFixed(0),
  ]);
  const columns = ['', 'times', 'RSS bytes each', 'heap bytes each', 'RSS MiB at the end'];
  return `${machine}, ${engine}\n${formatTable(columns, rows)}`;
}

function describeStream({ atRest, training }: StreamReport): string {
  const row = (
    name: string,
    { framesPerSecond, frameIntervalMs, eventLoopLagMs }: StreamReport['atRest'],
  ) => [
    name,
    framesPerSecond.toFixed(1),
    frameIntervalMs.p50.toFixed(1),
    frameIntervalMs.p99.toFixed(1),
    eventLoopLagMs.p50.toFixed(1),
    eventLoopLagMs.p99.toFixed(1),
    eventLoopLagMs.max.toFixed(1),
  ];
  return formatTable(
    ['', 'frames/s', 'interval p50 ms', 'p99 ms', 'lag p50 ms', 'p99 ms', 'max ms'],
    [row('at rest', atRest), row('while training', training)],
  );
}
