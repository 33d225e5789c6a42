import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CompareRequest } from '../../server/protocol/compare.ts';
import { LIMITS } from '../../server/protocol/limits.ts';
import type { TextEncoderPlace } from '../../server/storage/text-encoder.ts';
import type { Place } from '../../server/storage/workspace.ts';
import {
  formatPerturbation,
  PERTURBATIONS,
  type Perturbation,
  parsePerturbation,
  UNPERTURBED,
} from '../../sim/index.ts';
import {
  actionHorizonOption,
  type CommonOptions,
  type EngineOptions,
  instructionText,
  numberWithin,
  SEED,
  wholeNumber,
  withCommon,
  withEngine,
  withTextEncoder,
} from '../options.ts';
import { withPolicyServers } from '../policy-servers.ts';

/** Delays that are tried where none are given, control steps. */
export const DELAYS: readonly number[] = [0, 2, 4, 8];

export interface EvaluationOptions
  extends CommonOptions,
    EngineOptions,
    TextEncoderPlace,
    Pick<Place, 'policyServers' | 'checkpoints'> {
  readonly rollouts: number;
  readonly starts?: number;
  readonly seed: number;
  readonly actionHorizon?: number;
  readonly say?: string;
  readonly guidance?: number;
  /** Of compare alone. */
  readonly within?: number;
  readonly until?: 'decided';
}

/** What options ask of every comparison. */
export function requestOf({
  rollouts,
  starts,
  seed,
  actionHorizon,
  say,
  guidance,
  within,
  until,
}: EvaluationOptions): Omit<CompareRequest, 'policies'> {
  return { rollouts, starts, seed, actionHorizon, instruction: say, guidance, within, until };
}

/** Options that `evaluate` and `compare` share. */
export function withEvaluation(command: Command): Command {
  return withGrid(withPolicyServers(withTextEncoder(withEngine(withCommon(command)))))
    .addOption(actionHorizonOption())
    .addOption(sayOption())
    .option(
      '--guidance <w>',
      'scale of classifier-free guidance: 0 ignores the instruction, 1 as trained',
      numberWithin(0, LIMITS.guidance),
    );
}

/** What is told to policies that read. */
export function sayOption(): Option {
  return new Option(
    '--say <text>',
    'instruction for policies that read, in every rollout',
  ).argParser(instructionText);
}

/** What is otherwise than where policies were trained: alternatives, each beside the control. */
export function perturbOption(): Option {
  const kinds = PERTURBATIONS.map(({ name, unit, about }) => `${name} (${unit}): ${about}`);
  return new Option(
    '--perturb <list>',
    'also roll out under perturbations, each paired with an unperturbed control of the same starts and ' +
      'noises: NAME=MAGNITUDE, several at once joined by "+", such as mass=2,friction=0.5+push=0.01. ' +
      kinds.join('; '),
  ).argParser(perturbationList);
}

/** The control, which may be named, is left out; what is named twice counts once. */
function perturbationList(text: string): Perturbation[] {
  const perturbations = new Map<string, Perturbation>();
  for (const entry of text.split(',')) {
    const perturbation = parsePerturbation(entry);
    if (typeof perturbation === 'string') throw new InvalidArgumentError(perturbation);
    if (perturbation) perturbations.set(formatPerturbation(perturbation), perturbation);
  }
  if (perturbations.size > 0) return [...perturbations.values()];
  throw new InvalidArgumentError(`expected a perturbation beside ${UNPERTURBED}, got "${text}"`);
}

/** The grid of rollouts that each policy has. */
export function withGrid(command: Command): Command {
  return command
    .option(
      '--rollouts <n>',
      'pairs of start and noise seed, on a grid of about √n × √n',
      wholeNumber(1, LIMITS.rollouts),
      100,
    )
    .option(
      '--starts <n>',
      'number of starts, 1 to --rollouts, which share the rollouts evenly; if they do not divide, the ' +
        'first starts have one more (default: about √rollouts)',
      wholeNumber(1, LIMITS.rollouts),
    )
    .option('--seed <n>', 'seed of starts and noise; starts are never those of training', SEED, 0);
}
