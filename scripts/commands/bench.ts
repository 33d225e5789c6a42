import type { Command } from 'commander';
import type { Slope } from '../bench/measure.ts';
import { benchMemory, type MemoryReport } from '../bench/memory.ts';
import { benchRollouts, type RolloutReport } from '../bench/rollouts.ts';
import { benchSim, type SimReport } from '../bench/sim.ts';
import { benchStream, type StreamReport } from '../bench/stream.ts';
import type { TakeoverVerdict } from '../bench/takeover-verdict.ts';
import { benchTakeovers, type TakeoverOptions, type TakeoverReport } from '../bench/takeovers.ts';
import { JSON_OPTION, numberWithin, parseLane, SEED, wholeNumber, withCommon } from '../options.ts';
import { formatTable, percent, printJson, range } from '../table.ts';
import { addNetworkBenches } from './bench-networks.ts';

interface RolloutOptions {
  readonly policies: string;
  readonly rollouts: number;
  readonly json?: true;
}

export function defineBench(bench: Command): void {
  addTakeoverBench(bench);
  addNetworkBenches(bench);
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
