import { type Command, Option } from 'commander';
import type { SamplerChoice } from '../../policies/config/index.ts';
import { latency } from '../../server/evaluation/latency.ts';
import type { TextEncoderPlace } from '../../server/storage/text-encoder.ts';
import { evaluateWithProgress } from '../evaluate.ts';
import { describeLatency, eachAsCsv } from '../latency-tables.ts';
import {
  actionHorizonOption,
  type CommonOptions,
  type EngineOptions,
  etaOption,
  listOf,
  numberWithin,
  SEED,
  type SourceOptions,
  samplerOption,
  sourceOf,
  wholeNumber,
  withCommon,
  withEngine,
  withSource,
  withTextEncoder,
} from '../options.ts';
import { allowNamed, type PolicyServerOptions, withPolicyServers } from '../policy-servers.ts';
import { printJson } from '../table.ts';

interface LatencyCommandOptions
  extends CommonOptions,
    EngineOptions,
    SourceOptions,
    Omit<SamplerChoice, 'nfe'>,
    PolicyServerOptions,
    TextEncoderPlace {
  readonly nfe?: readonly number[];
  readonly controlHz: number;
  readonly seconds: number;
  readonly actionHorizon?: number;
  readonly seed: number;
  readonly stall?: number;
  readonly csv?: true;
}

/** The plan that `--stall` holds up: one in a short loop too. */
const STALLED_PLAN = 2;

export function defineLatency(command: Command): void {
  withPolicyServers(withTextEncoder(withSource(withEngine(withCommon(command)))))
    .addOption(samplerOption())
    .option(
      '--nfe <list>',
      'network evaluations per chunk, each timed in a loop of its own; odd for heun',
      listOf(wholeNumber(1, 1000)),
    )
    .addOption(etaOption())
    .option('--control-hz <hz>', 'rate of the control loop', numberWithin(1, 1000), 20)
    .option('--seconds <s>', 'how long', numberWithin(0.5, 3600), 10)
    .addOption(actionHorizonOption())
    .option('--seed <n>', 'seed of starts and noise', SEED, 0)
    .option(
      '--stall <ms>',
      `hold up plan ${STALLED_PLAN} for so long, to see what the report makes of it`,
      numberWithin(0, 60_000),
    )
    .addOption(new Option('--csv', 'print each plan as comma-separated values').conflicts(['json']))
    .action(timeLoop);
}

async function timeLoop(options: LatencyCommandOptions): Promise<void> {
  const { policy, run, nfe, stall, seconds, csv } = options;
  const source = sourceOf(policy === undefined && run === undefined ? { policy: 'flow' } : options);
  const request = {
    ...options,
    policy: source,
    eachPlan: csv,
    stall: stall === undefined ? undefined : { plan: STALLED_PLAN, ms: stall },
  };
  const work = { unit: 'seconds', total: seconds * (nfe?.length ?? 1) } as const;
  const reports = await evaluateWithProgress(latency, request, allowNamed(options, [source]), work);
  if (options.json) printJson(nfe && nfe.length > 1 ? reports : reports[0]);
  else if (csv) process.stdout.write(eachAsCsv(reports));
  else process.stdout.write(describeLatency(reports));
}
