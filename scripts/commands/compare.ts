import { type Command, Option } from 'commander';
import type { SamplerChoice } from '../../policies/spec/index.ts';
import { compare } from '../../server/jobs/compare.ts';
import { openWorkspace } from '../../server/lab/workspace.ts';
import { SCHEMES, type Scheme } from '../../server/protocol/chunking.ts';
import type { CompareRequest } from '../../server/protocol/compare.ts';
import { LIMITS } from '../../server/protocol/limits.ts';
import { besides, type Comparison } from '../../server/protocol/results.ts';
import type { Lane } from '../../server/protocol/stage.ts';
import { type FewStarts, fewStarts } from '../../server/protocol/starts.ts';
import {
  actionHorizonOption,
  type CommonOptions,
  type EngineOptions,
  instructionText,
  listOf,
  numberWithin,
  oneOf,
  parseLane,
  SEED,
  wholeNumber,
  withCommon,
  withEngine,
  withSampler,
} from '../options.ts';
import { withRolloutProgress } from '../rollouts.ts';
import { formatTable, percent, printJson, range } from '../table.ts';
import { compareDelaysWithProgress, printDelays } from './delay-table.ts';
import { compareHorizons, printHorizons } from './horizon-curve.ts';

/** Delays of the table where none are given, control steps. */
const DELAYS: readonly number[] = [0, 2, 4, 8];

export interface EvaluationOptions extends CommonOptions, EngineOptions {
  readonly rollouts: number;
  readonly starts?: number;
  readonly seed: number;
  readonly actionHorizon?: number;
  readonly say?: string;
  readonly guidance?: number;
}

/** What options ask of every comparison. */
export function requestOf({
  rollouts,
  starts,
  seed,
  actionHorizon,
  say,
  guidance,
}: EvaluationOptions): Omit<CompareRequest, 'policies'> {
  return { rollouts, starts, seed, actionHorizon, instruction: say, guidance };
}

/** Options that `evaluate` and `compare` share. */
export function withEvaluation(command: Command): Command {
  return withEngine(withCommon(command))
    .option(
      '--rollouts <n>',
      'pairs of start and noise seed, on a grid of about √n × √n',
      wholeNumber(1, LIMITS.rollouts),
      100,
    )
    .option(
      '--starts <n>',
      'from so many starts instead, 1 to --rollouts, with as many noise seeds each as these allow; ' +
        'where it does not divide, the first starts have one more (default: about √rollouts)',
      wholeNumber(1, LIMITS.rollouts),
    )
    .option('--seed <n>', 'seed of starts and noise; starts are never those of training', SEED, 0)
    .addOption(actionHorizonOption())
    .option('--say <text>', 'tell policies that read this, in every rollout', instructionText)
    .option(
      '--guidance <w>',
      'how much that counts: 0 not, 1 as learnt',
      numberWithin(0, LIMITS.guidance),
    );
}

export function addCompare(program: Command): void {
  withSampler(withEvaluation(program.command('compare')))
    .description('compare policies on the same starts, noise seeds and action horizon')
    .option(
      '--policies <list>',
      'names that ship or run ids, each as NAME, NAME:SAMPLER or NAME:SAMPLER:NFE',
      'l2,diffusion,flow',
    )
    .addOption(
      new Option('--action-horizons <list>', 'the comparison at each of these: a curve a policy')
        .argParser(listOf(wholeNumber(1, 128)))
        .conflicts('actionHorizon'),
    )
    .addOption(
      new Option('--delays <list>', 'where a plan takes so many control steps: a table by scheme')
        .argParser(listOf(wholeNumber(0, 128)))
        .conflicts('actionHorizons'),
    )
    .addOption(
      new Option('--schemes <list>', `what to do meanwhile: ${SCHEMES.join(', ')} (default: all)`)
        .argParser(listOf(oneOf(SCHEMES)))
        .conflicts('actionHorizons')
        .implies({ delays: DELAYS }),
    )
    .action(compareAll);
}

interface CompareOptions extends EvaluationOptions, SamplerChoice {
  readonly policies: string;
  readonly actionHorizons?: readonly number[];
  readonly delays?: readonly number[];
  readonly schemes?: readonly Scheme[];
}

async function compareAll(options: CompareOptions): Promise<void> {
  const lanes = options.policies.split(',').map((entry) => parseLane(entry, options));
  const { actionHorizons, delays, schemes = SCHEMES } = options;
  if (delays) {
    printDelays(await compareDelaysWithProgress(lanes, delays, schemes, options), options);
  } else if (actionHorizons) {
    printHorizons(await compareHorizons(lanes, actionHorizons, options), options);
  } else {
    printComparison(await compareWithProgress(lanes, options), options);
  }
}

export async function compareWithProgress(
  policies: Lane[],
  options: EvaluationOptions,
): Promise<Comparison> {
  const request = { policies, ...requestOf(options) };
  return withRolloutProgress(options.rollouts * policies.length, (running) =>
    compare(openWorkspace(options), request, running),
  );
}

export function printComparison(
  comparison: Comparison,
  { json }: Pick<CommonOptions, 'json'>,
): void {
  if (json) {
    printJson(comparison);
    return;
  }
  const { policies, paired, starts, rollouts, engine, seconds } = comparison;
  // From one rollout a start nobody can tell how much its answers vary.
  const repeats = rollouts > starts;
  process.stdout.write(
    formatTable(
      [
        'policy',
        'sampler',
        'NFE',
        'Ta',
        'success',
        '95 %',
        'contact',
        'left/right',
        'H(mode)',
        'H(mode|start)',
        'invalid middle',
        'switches',
        'ms/plan',
        'ms/step',
      ],
      policies.map((each) => [
        each.run ?? each.name,
        `${each.sampler}${besides(each)}`,
        String(each.nfe),
        String(each.actionHorizon),
        percent(each.success.rate),
        range(each.success.ci95),
        percent(each.contact.rate),
        Object.values(each.modes).join('/'),
        each.modeEntropy.toFixed(2),
        repeats ? each.conditionalEntropy.toFixed(2) : '–',
        percent(each.invalidMiddle.rate),
        percent(each.modeSwitchRate),
        each.latencyMs.chunk.p50.toFixed(2),
        each.latencyMs.perStep.p50.toFixed(3),
      ]),
    ),
  );
  for (const { a, b, mcnemarP } of paired) {
    process.stdout.write(`${a} against ${b}: McNemar p = ${mcnemarP.toPrecision(2)}\n`);
  }
  const few = fewStarts(comparison);
  if (few) process.stdout.write(`${sayFewStarts(few)}\n`);
  process.stdout.write(
    `${rollouts} rollouts each from ${starts} starts · ${engine} · ${seconds.toFixed(0)} s\n`,
  );
}

function sayFewStarts({ starts, least, needed }: FewStarts): string {
  const more = needed.map((each) => `${each.starts} to reach ${each.level}`).join(', ');
  return (
    `with ${starts} ${starts === 1 ? 'start' : 'starts'} no p below ${least.toPrecision(2)} is ` +
    `possible; it takes ${more} (--starts)`
  );
}
