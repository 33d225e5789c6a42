import { type Command, InvalidArgumentError, Option } from 'commander';
import { chooseDrawing } from '../../policies/drawing.ts';
import { lookAt } from '../../server/evaluation/attention.ts';
import { obedience, SENTENCES, type Sentences } from '../../server/evaluation/obedience.ts';
import { LIMITS } from '../../server/protocol/limits.ts';
import type { AttentionReport, ObedienceReport } from '../../server/protocol/results.ts';
import { openPolicy } from '../../server/storage/open-policy.ts';
import type { TextEncoderPlace } from '../../server/storage/text-encoder.ts';
import { openWorkspace } from '../../server/storage/workspace.ts';
import { findTask, loadPhysics } from '../../sim/index.ts';
import { openEngine } from '../engine.ts';
import { evaluateWithProgress } from '../evaluate.ts';
import {
  actionHorizonOption,
  type CommonOptions,
  type EngineOptions,
  instructionText,
  numberWithin,
  type PolicyOptions,
  SEED,
  sourceOf,
  wholeNumber,
  withCommon,
  withEngine,
  withPolicy,
  withTextEncoder,
} from '../options.ts';
import { allowNamed, type PolicyServerOptions, withPolicyServers } from '../policy-servers.ts';
import { formatTable, orDash, percent, printJson, range } from '../table.ts';

interface InstructionsOptions
  extends CommonOptions,
    EngineOptions,
    PolicyOptions,
    PolicyServerOptions,
    TextEncoderPlace {
  readonly guidance: readonly number[];
  readonly rollouts: number;
  readonly sentences: Sentences;
  readonly seed: number;
  readonly actionHorizon?: number;
  readonly say?: string;
}

const SCALE = numberWithin(0, LIMITS.guidance);

export function defineInstructions(command: Command): void {
  withPolicyServers(withTextEncoder(withPolicy(withEngine(withCommon(command)))))
    .option('--guidance <list>', 'scales of classifier-free guidance', scales, [0, 1, 2, 4, 7.5])
    .option(
      '--rollouts <n>',
      'instructed rollouts at each scale, each from its own start; half as many get no instruction',
      wholeNumber(1, LIMITS.rollouts),
      90,
    )
    .addOption(
      new Option(
        '--sentences <which>',
        'which sentences: held out of training, or with words that no policy was trained on',
      )
        .choices([...SENTENCES])
        .default('held-out'),
    )
    .option('--seed <n>', 'seed of starts, sentences and noise', SEED, 0)
    .addOption(actionHorizonOption())
    .option(
      '--say <text>',
      'give it this instruction, and show what it attends to while it plans',
      instructionText,
    )
    .action((options: InstructionsOptions) =>
      options.say === undefined ? judge(options) : show(options, options.say),
    );
}

function scales(text: string): number[] {
  const list = text.split(',').map((part) => SCALE(part));
  if (list.length <= 16) return list;
  throw new InvalidArgumentError(`expected at most 16 scales, got ${list.length}`);
}

async function judge(options: InstructionsOptions): Promise<void> {
  const { rollouts, guidance, json } = options;
  const total = (rollouts + Math.ceil(rollouts / 2)) * guidance.length;
  const source = sourceOf(options);
  const request = { ...options, policy: source };
  const work = { unit: 'rollouts', total } as const;
  const placed = allowNamed(options, [source]);
  const report = await evaluateWithProgress(obedience, request, placed, work);
  if (json) printJson(report);
  else process.stdout.write(describe(report));
}

async function show(options: InstructionsOptions, text: string): Promise<void> {
  const engine = await openEngine(options.engine);
  const source = sourceOf(options);
  const workspace = openWorkspace(allowNamed(options, [source]));
  const policy = await openPolicy(workspace, engine, source);
  const about = policy.describe();
  const report = await lookAt(
    {
      rapier: await loadPhysics(),
      task: findTask(about.task),
      policy,
      sampler: chooseDrawing(about, options),
      seed: options.seed,
      // A list where one scale is wanted: the first.
      guidance: options.guidance.length === 1 ? options.guidance[0] : 1,
    },
    text,
  );
  if (options.json) printJson(report);
  else process.stdout.write(describeAttention(report));
}

function describe(report: ObedienceReport): string {
  const { guidance, rollouts, sentences, engine, seconds, sampler } = report;
  const table = formatTable(
    [
      'w',
      'NFE',
      'obeyed',
      '95 %',
      'success',
      'right ball',
      '95 %',
      'wrong ball',
      'right side',
      '95 %',
      'post',
      'told nothing',
      'H(side)',
      'balls',
    ],
    guidance.map((each) => [
      String(each.guidance),
      orDash(each.nfe),
      percent(each.obeyed.rate),
      range(each.obeyed.ci95),
      percent(each.success.rate),
      percent(each.rightObject.rate),
      range(each.rightObject.ci95),
      percent(each.wrongObject.rate),
      percent(each.rightSide.rate),
      range(each.rightSide.ci95),
      percent(each.contact.rate),
      percent(each.silence.success.rate),
      each.silence.modeEntropy.toFixed(2),
      Object.values(each.silence.objects).join('/'),
    ]),
  );
  return (
    `${table}${rollouts} instructed rollouts (${sentences} sentences), ${Math.ceil(rollouts / 2)} without an instruction ` +
    `(from one start) at each scale · ${orDash(sampler)} · ${engine} · ${seconds.toFixed(0)} s\n`
  );
}

function describeAttention({ tokens, unknown, steps }: AttentionReport): string {
  const table = formatTable(
    ['time', 'block', ...tokens],
    steps.flatMap(({ time, blocks }) =>
      Object.entries(blocks).map(([block, weights]) => [
        time.toFixed(2),
        block.replace('.attention', ''),
        ...weights.map((weight) => weight.toFixed(2)),
      ]),
    ),
  );
  const warning = unknown.length > 0 ? `it does not know: ${unknown.join(', ')}\n` : '';
  return `${table}${warning}`;
}
