import { type Command, InvalidArgumentError, Option } from 'commander';
import { PICTURE_SIZES, type PictureSize } from '../../demos/cats/index.ts';
import {
  type BenchCase,
  type BenchReport,
  type BenchResult,
  benchInTurns,
} from '../bench/in-turns.ts';
import { type NetworkCase, networkCase } from '../bench/network.ts';
import { PEER_NAMES, type PeerName } from '../bench/peer.ts';
import { pictureCase } from '../bench/picture.ts';
import { type OperatorShare, profileCase } from '../bench/profile.ts';
import { JSON_OPTION, wholeNumber } from '../options.ts';
import { formatTable, percent, printJson } from '../table.ts';

interface MeasuringOptions {
  readonly threads?: number;
  readonly calls: number;
  readonly peer?: PeerName;
  readonly python: string;
  readonly profile?: true;
  readonly json?: true;
}

interface NetworkOptions extends MeasuringOptions {
  readonly net?: readonly number[];
  readonly batch?: number;
  readonly horizon: number;
}

interface PictureOptions extends MeasuringOptions {
  readonly size: string;
  readonly net: readonly number[];
  readonly batch: number;
}

/** Adds `bench train`, `bench infer` and `bench pictures`. */
export function addNetworkBenches(bench: Command): void {
  addNetworkBench(bench, 'train', 'one training step: loss, gradients, AdamW, EMA');
  addNetworkBench(bench, 'infer', 'one network call, and one plan of four flow steps');
  withMeasuring(bench.command('pictures'), 10)
    .description('one training step of a painter, and one picture drawn by it')
    .addOption(
      new Option('--size <pixels>', 'pixels a side')
        .choices(PICTURE_SIZES.map(String))
        .default('64'),
    )
    .option('--net <channels>', 'channels of each level', channels, [32, 64, 128])
    .option('--batch <n>', 'pictures of a training step', wholeNumber(1, 4096), 64)
    .action((options: PictureOptions) => run(pictureCases(options), options));
}

function addNetworkBench(bench: Command, kind: NetworkCase['kind'], summary: string): void {
  withMeasuring(bench.command(kind), 50)
    .description(summary)
    .option('--net <channels>', 'one network, e.g. 64,128,256 (default: several)', channels)
    .option('--batch <n>', 'rows at once', wholeNumber(1, 4096))
    .option('--horizon <n>', 'prediction horizon Tp', wholeNumber(4, 128), 16)
    .action((options: NetworkOptions) => run(casesOf(kind, options).map(networkCase), options));
}

/** What all of them are asked. */
function withMeasuring(command: Command, calls: number): Command {
  return command
    .option('--threads <n>', 'threads, of the engine and of the peer', wholeNumber(1, 64))
    .option('--calls <n>', 'timed calls per case', wholeNumber(5, 100_000), calls)
    .addOption(
      new Option(
        '--peer <name>',
        'measure another library as well, in turns, at the same work: PyTorch, PyTorch compiled by ' +
          'TorchInductor, or JAX compiled by XLA; its plan with our weights must be ours to 1e-4',
      ).choices(PEER_NAMES),
    )
    .option('--python <path>', 'Python that has it', 'python3')
    .option('--profile', 'report which operators take the time instead')
    .option(...JSON_OPTION);
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

function pictureCases({ size, net, batch, threads = 1 }: PictureOptions): BenchCase[] {
  const common = { size: knownSize(size), channels: net, threads };
  return [
    pictureCase({ ...common, kind: 'train', batch, steps: 1 }),
    pictureCase({ ...common, kind: 'infer', batch: 1, steps: 20 }),
  ];
}

function knownSize(size: string): PictureSize {
  const known = PICTURE_SIZES.find((each) => String(each) === size);
  if (known !== undefined) return known;
  throw new RangeError(`size: expected ${PICTURE_SIZES.join(', ')}, got ${size}`);
}

async function run(
  cases: readonly BenchCase[],
  { calls, json, peer, python, profile }: MeasuringOptions,
): Promise<void> {
  if (profile) {
    for (const each of cases) {
      const operators = await profileCase(each, calls);
      const { prepare: _, peer: __, ...shape } = each;
      if (json) printJson({ ...shape, operators });
      else process.stdout.write(`${describeCase(each)}\n${describeProfile(operators)}\n`);
    }
    return;
  }
  const report = await benchInTurns(cases, {
    calls,
    ...(peer && { peer: { name: peer, python } }),
    onResult: ({ net, name, ms }) =>
      process.stderr.write(`${net} ${name}: ${ms.toPrecision(3)} ms\n`),
  });
  if (json) printJson(report);
  else process.stdout.write(describeNetworks(report));
}

function describeCase({ name, channels, batch, horizon, threads }: BenchCase): string {
  return `[${channels}] ${name}, batch ${batch}, ${horizon} rows, ${threads} threads`;
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

function describeNetworks({ machine, load, engine, results }: BenchReport): string {
  const row = (result: BenchResult) => [
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
    result.cpuMs.toFixed(2),
    result.cpuRatio?.toFixed(2) ?? '–',
  ];
  const peer = results.find((result) => result.peer)?.peer;
  const differences = results.flatMap(({ peerDifference }) => peerDifference ?? []);
  const difference = differences.length > 0 ? Math.max(...differences) : null;
  const columns = ['', 'batch', 'threads', 'ms p50', 'p99', 'min', '±'];
  const about = [
    machine,
    `load ${load.map((value) => value.toFixed(1)).join(' → ')}`,
    engine,
    ...(peer ? [peer] : []),
    ...(difference === null ? [] : [`plans differ by ${difference.toPrecision(2)} at most`]),
  ];
  const shares = ['GFLOP', 'of peak', 'plain', 'peer ms', 'ratio', 'of min', 'CPU ms', 'ratio'];
  return `${about.join(', ')}\n${formatTable([...columns, ...shares], results.map(row))}`;
}
