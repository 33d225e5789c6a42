import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  ENGINE_NAMES,
  type EngineName,
  METHOD_NAMES,
  SAMPLERS,
  type SamplerChoice,
} from '../policies/config/index.ts';
import { ProtocolError } from '../server/protocol/errors.ts';
import { splitLaneEntry } from '../server/protocol/lane-entry.ts';
import { LIMITS } from '../server/protocol/limits.ts';
import { LISTED_NAMES, type PolicySource, runOf, sourceNamed } from '../server/protocol/sources.ts';
import type { Lane } from '../server/protocol/stage.ts';
import { directoryPath } from './paths.ts';

/** A whole number in a range, as commander's argument parser. */
export function wholeNumber(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`expected a whole number from ${min} to ${max}, got "${text}"`);
  };
}

/** A number in a range, as commander's argument parser. */
export function numberWithin(min: number, max: number) {
  return (text: string): number => {
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`expected a number from ${min} to ${max}, got "${text}"`);
  };
}

/** Several values, separated by commas. */
export function listOf<T>(parse: (text: string) => T) {
  return (text: string): T[] => text.split(',').map(parse);
}

/** One of some names, as commander's argument parser. */
export function oneOf<T extends string>(names: readonly T[]) {
  return (text: string): T => {
    const known = names.find((each) => each === text);
    if (known !== undefined) return known;
    throw new InvalidArgumentError(`expected some of ${names.join(', ')}, got "${text}"`);
  };
}

/** An instruction for a policy that reads, as commander's argument parser. */
export function instructionText(text: string): string {
  if (text.length <= LIMITS.instruction) return text;
  throw new InvalidArgumentError(
    `expected at most ${LIMITS.instruction} characters, got ${text.length}; shorten it`,
  );
}

/** Any of 32 bits. */
export const SEED = wholeNumber(0, LIMITS.seed);

export const JSON_OPTION = [
  '--json',
  'print the result as one JSON document on standard output',
] as const;

/** Options of every command that touches data or gives a result. */
export function withCommon(command: Command): Command {
  return command.addOption(dataOption()).option(...JSON_OPTION);
}

export function dataOption(): Option {
  return new Option('--data <dir>', 'directory of datasets and runs')
    .argParser(directoryPath)
    .default('./data');
}

export interface CommonOptions {
  readonly data: string;
  readonly json?: true;
}

/** What runs the networks. */
export function withEngine(command: Command): Command {
  return command.addOption(
    new Option(
      '--engine <name>',
      'what runs the networks; "doctor" says what each requires and which are available',
    )
      .choices([...ENGINE_NAMES])
      .default('compiled'),
  );
}

/** What policies read with that do so with an encoder from outside. */
export function withTextEncoder(command: Command): Command {
  return command
    .option(
      '--text-encoder <file>',
      'ONNX file of a pretrained text encoder, for policies that read with one',
    )
    .option('--tokenizer <file>', 'its tokenizer.json or vocab.txt (default: beside the encoder)');
}

export interface EngineOptions {
  readonly engine: EngineName;
}

/** Ta; what it may be for a policy is checked against its plan. */
export function actionHorizonOption(): Option {
  return new Option(
    '--action-horizon <n>',
    'control steps executed of each plan (default: 1 s)',
  ).argParser(wholeNumber(1, 128));
}

/** Which trained policy, and how its chunks are drawn. */
export function withPolicy(command: Command): Command {
  return withSource(withSampler(command));
}

/** Which trained policy. */
export function withSource(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--policy <name>',
        'checkpoint shipped with this version, the address of a policy server (ws://HOST:PORT), a ' +
          "diffusion policy of LeRobot's (lerobot:DIR), or an ONNX file (onnx:FILE)",
      )
        .choices([...LISTED_NAMES])
        .argParser(policyName),
    )
    .option('--run <id>', 'run in the data directory');
}

export function withSampler(command: Command): Command {
  return command
    .addOption(samplerOption())
    .option('--nfe <n>', 'network evaluations per chunk; odd for heun', wholeNumber(1, 1000))
    .addOption(etaOption());
}

export function samplerOption(): Option {
  return new Option('--sampler <name>', `how chunks are drawn: ${samplerNames()}`);
}

export function etaOption(): Option {
  return new Option('--eta <eta>', 'noise added by ddim: 0 none, 1 as much as ddpm').argParser(
    numberWithin(0, 1),
  );
}

/** By objective: "ddim, ddpm, dpm-solver++ (diffusion)". */
function samplerNames(): string {
  return Object.entries(SAMPLERS)
    .map(([objective, kinds]) => `${kinds.join(', ')} (${objective})`)
    .join('; ');
}

/** What is no run, as commander's argument parser: runs have an option of their own. */
function policyName(text: string): string {
  const source = sourceNamed(text);
  if (source && runOf(source) === null) return text;
  throw new InvalidArgumentError(
    `Allowed choices are ${LISTED_NAMES.join(', ')}, ws://HOST:PORT of a policy server, ` +
      "lerobot:DIR of a diffusion policy of LeRobot's, and onnx:FILE of an ONNX file.",
  );
}

export interface SourceOptions {
  readonly policy?: string;
  readonly run?: string;
}

export interface PolicyOptions extends SamplerChoice, SourceOptions {}

/** @throws ProtocolError 'invalid-request' unless exactly one of --policy and --run is given */
export function sourceOf({ policy, run }: SourceOptions): PolicySource {
  if ((policy === undefined) === (run === undefined)) {
    throw new ProtocolError(
      'invalid-request',
      `expected one of --policy NAME (${LISTED_NAMES.join(', ')}) and --run ID, ` +
        `got ${policy === undefined ? 'neither' : 'both'}`,
    );
  }
  return parseSource(policy ?? run ?? '');
}

/** @throws ProtocolError 'invalid-request' */
export function parseSource(text: string): PolicySource {
  const source = sourceNamed(text);
  if (source) return source;
  throw new ProtocolError(
    'invalid-request',
    `policy: expected ${LISTED_NAMES.join(', ')}, ws://HOST:PORT of a policy server, lerobot:DIR of ` +
      `a checkpoint of LeRobot's, onnx:FILE or the id of a run, got "${text}"`,
  );
}

/** Only the choices that were made: an absent one is not undefined. */
export function laneOf(source: PolicySource, { sampler, nfe, eta }: SamplerChoice): Lane {
  return {
    policy: source,
    ...(sampler !== undefined && { sampler }),
    ...(nfe !== undefined && { nfe }),
    ...(eta !== undefined && { eta }),
  };
}

/**
 * An entry of `--policies`: NAME[:SAMPLER[:NFE]]. One that names no sampler is drawn as the
 * options say; one that does takes only `--eta` from them, where it is ddim.
 *
 * @throws ProtocolError 'invalid-request'
 */
export function parseLane(text: string, options: SamplerChoice): Lane {
  const entry = splitLaneEntry(text);
  if (!entry) {
    throw new ProtocolError(
      'invalid-request',
      `policies: expected NAME, NAME:SAMPLER or NAME:SAMPLER:NFE, got "${text}"`,
    );
  }
  const { name, sampler, nfe } = entry;
  const source = parseSource(name);
  if (sampler === undefined) return laneOf(source, options);
  return laneOf(source, {
    sampler,
    nfe,
    eta: sampler === 'ddim' ? options.eta : undefined,
  });
}

/** Names of policies, between commas, as commander's argument parser. */
export const policyList = listOf(oneOf(METHOD_NAMES));
