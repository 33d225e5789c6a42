/** Options of commands that policies of other people's servers may take part in. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { OBSERVATION_KEYS, type ObservationKeys } from '../server/protocol/policy-servers.ts';
import {
  checkpointsAmong,
  type PolicySource,
  serversAmong,
  sourceNamed,
} from '../server/protocol/sources.ts';
import type { Place } from '../server/storage/workspace.ts';
import { numberWithin } from './options.ts';

export interface PolicyServerOptions {
  readonly observationKeys: ObservationKeys;
  /** s */
  readonly answerWithin: number;
}

export function withPolicyServers(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--observation-keys <names>',
        'names of the observations sent to a policy server: those of datasets of this program (fp), or ' +
          'those of openpi for DROID or LIBERO, with pictures',
      )
        .choices([...OBSERVATION_KEYS])
        .default('fp'),
    )
    .option(
      '--answer-within <s>',
      'how long a policy server may take to answer; for its first answer six times that',
      numberWithin(0.1, 600),
      10,
    );
}

/** The address of a policy server, as commander's argument parser. */
export function policyServerUrl(text: string): string {
  if (sourceNamed(text)?.kind === 'server') return text;
  throw new InvalidArgumentError(`expected ws://HOST:PORT or wss://HOST:PORT, got "${text}"`);
}

/** What a command may dial and read: the policy servers and checkpoints that its own line names. */
export function allowNamed<Options extends PolicyServerOptions>(
  options: Options,
  sources: readonly PolicySource[],
): Options & Pick<Place, 'policyServers' | 'checkpoints'> {
  const { observationKeys, answerWithin } = options;
  const urls = serversAmong(sources);
  return {
    ...options,
    policyServers: { urls, observationKeys, answerMs: 1000 * answerWithin },
    checkpoints: checkpointsAmong(sources),
  };
}
