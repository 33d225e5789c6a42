import type { Command } from 'commander';
import { benchStream, type StreamReport } from '../bench-stream.ts';
import { numberWithin } from '../options.ts';
import { formatTable, printJson } from '../table.ts';

export function addBench(program: Command): void {
  const bench = program.command('bench').description('benchmarks');
  bench
    .command('stream')
    .description('frames and event-loop lag of a server, at rest and while it trains')
    .option('--seconds <s>', 'how long each', numberWithin(1, 600), 10)
    .option('--json', 'print the result as one JSON document on standard output')
    .action(async ({ seconds, json }: { seconds: number; json?: true }) => {
      const report = await benchStream(seconds);
      if (json) printJson(report);
      else process.stdout.write(describe(report));
    });
}

function describe({ atRest, training }: StreamReport): string {
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
