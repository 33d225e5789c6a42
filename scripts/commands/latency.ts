import type { Command } from 'commander';
import { latency } from '../../server/evaluation/latency.ts';
import type { LatencyReport, Percentiles } from '../../server/protocol/results.ts';
import type { TextEncoderPlace } from '../../server/storage/text-encoder.ts';
import { evaluateWithProgress } from '../evaluate.ts';
import {
  actionHorizonOption,
  type CommonOptions,
  type EngineOptions,
  numberWithin,
  type PolicyOptions,
  SEED,
  sourceOf,
  withCommon,
  withEngine,
  withPolicy,
  withTextEncoder,
} from '../options.ts';
import { allowNamed, type PolicyServerOptions, withPolicyServers } from '../policy-servers.ts';
import { formatTable, orDash, printJson } from '../table.ts';

interface LatencyCommandOptions
  extends CommonOptions,
    EngineOptions,
    PolicyOptions,
    PolicyServerOptions,
    TextEncoderPlace {
  readonly controlHz: number;
  readonly seconds: number;
  readonly actionHorizon?: number;
  readonly seed: number;
}

export function defineLatency(command: Command): void {
  withPolicyServers(withTextEncoder(withPolicy(withEngine(withCommon(command)))))
    .option('--control-hz <hz>', 'rate of the control loop', numberWithin(1, 1000), 20)
    .option('--seconds <s>', 'how long', numberWithin(0.5, 3600), 10)
    .addOption(actionHorizonOption())
    .option('--seed <n>', 'seed of starts and noise', SEED, 0)
    .action(timeLoop);
}

async function timeLoop(options: LatencyCommandOptions): Promise<void> {
  const { policy, run } = options;
  const source = sourceOf(policy === undefined && run === undefined ? { policy: 'flow' } : options);
  const request = { ...options, policy: source };
  const work = { unit: 'seconds', total: options.seconds } as const;
  const report = await evaluateWithProgress(latency, request, allowNamed(options, [source]), work);
  if (options.json) printJson(report);
  else process.stdout.write(describe(report));
}

function describe(report: LatencyReport): string {
  const { stages, chunkMs, perStepMs, deadline, eventLoopLagMs, n } = report;
  const row = (name: string, values: Percentiles) => [
    name,
    ...[values.p50, values.p90, values.p95, values.p99, values.max].map((ms) => ms.toFixed(3)),
  ];
  const table = formatTable(
    ['ms', 'p50', 'p90', 'p95', 'p99', 'max'],
    [
      ...Object.entries(stages).map(([stage, values]) => row(stage, values)),
      row('one plan', chunkMs),
      row('a control step', perStepMs),
    ],
  );
  return (
    `${table}${n} plans of ${orDash(report.nfe)} network evaluations (${orDash(report.sampler)}), first call ` +
    `${report.firstCallMs.toFixed(1)} ms\n` +
    `at ${deadline.hz} Hz: ${deadline.missed} deadlines missed, ${deadline.starvedTicks} steps ` +
    `starved; a plan takes ${deadline.delaySteps} control step(s)\n` +
    `event-loop lag p99 ${eventLoopLagMs.p99.toFixed(1)} ms · ${report.engine}, ` +
    `${report.threads} thread(s), ${report.cpu}\n`
  );
}
