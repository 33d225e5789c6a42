import type { Command } from 'commander';
import { chooseSampler } from '../../policies/config/index.ts';
import { NetworkPolicy } from '../../policies/network-policy.ts';
import { commonHorizon } from '../../server/evaluation/comparison.ts';
import { measureLatency } from '../../server/evaluation/latency.ts';
import type { LatencyReport, Percentiles } from '../../server/protocol/results.ts';
import { loadPolicy, openWorkspace } from '../../server/storage/workspace.ts';
import { findTask, loadPhysics } from '../../sim/index.ts';
import { openEngine } from '../engine.ts';
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
} from '../options.ts';
import { startProgress } from '../progress.ts';
import { formatTable, printJson } from '../table.ts';

interface LatencyCommandOptions extends CommonOptions, EngineOptions, PolicyOptions {
  readonly controlHz: number;
  readonly seconds: number;
  readonly actionHorizon?: number;
  readonly seed: number;
}

export function defineLatency(command: Command): void {
  withPolicy(withEngine(withCommon(command)))
    .option('--control-hz <hz>', 'rate of the control loop', numberWithin(1, 1000), 20)
    .option('--seconds <s>', 'how long', numberWithin(0.5, 3600), 10)
    .addOption(actionHorizonOption())
    .option('--seed <n>', 'seed of starts and noise', SEED, 0)
    .action(latency);
}

async function latency(options: LatencyCommandOptions): Promise<void> {
  const { json, seed, controlHz, seconds } = options;
  const source =
    options.policy === undefined && options.run === undefined
      ? sourceOf({ policy: 'flow' })
      : sourceOf(options);
  const policy = await loadPolicy(openWorkspace(options), source);
  const engine = await openEngine(options.engine);
  const progress = startProgress('seconds', seconds);
  try {
    const report = await measureLatency({
      rapier: await loadPhysics(),
      task: findTask(policy.spec.task),
      engine,
      policy: new NetworkPolicy(engine, policy),
      sampler: chooseSampler(policy.spec.objective, options),
      actionHorizon: commonHorizon([policy.spec], options.actionHorizon),
      seed,
      controlHz,
      seconds,
      onProgress: (done) => progress.update(Math.round(done)),
    });
    progress.stop();
    if (json) printJson(report);
    else process.stdout.write(describe(report));
  } finally {
    progress.stop();
  }
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
    `${table}${n} plans of ${report.nfe} network evaluations (${report.sampler}), first call ` +
    `${report.firstCallMs.toFixed(1)} ms\n` +
    `at ${deadline.hz} Hz: ${deadline.missed} deadlines missed, ${deadline.starvedTicks} steps ` +
    `starved; a plan takes ${deadline.delaySteps} control step(s)\n` +
    `event-loop lag p99 ${eventLoopLagMs.p99.toFixed(1)} ms · ${report.engine}, ` +
    `${report.threads} thread(s), ${report.cpu}\n`
  );
}
