import type { Command } from 'commander';
import { servePolicy } from '../../server/policy-server.ts';
import { checkpointsAmong } from '../../server/protocol/sources.ts';
import type { TextEncoderPlace } from '../../server/storage/text-encoder.ts';
import {
  dataOption,
  type EngineOptions,
  type PolicyOptions,
  SEED,
  sourceOf,
  withEngine,
  withPolicy,
  withTextEncoder,
} from '../options.ts';
import { type DoorCommandOptions, serveUntilEnd, withDoor } from '../serve-until-end.ts';

interface PolicyServerCommandOptions
  extends EngineOptions,
    PolicyOptions,
    TextEncoderPlace,
    DoorCommandOptions {
  readonly data: string;
  readonly seed: number;
}

export function definePolicyServer(command: Command): void {
  withDoor(withTextEncoder(withPolicy(withEngine(command))), 8000)
    .option('--seed <n>', 'seed of the noise of plans for which a client gives none', SEED, 0)
    .addOption(dataOption())
    .action(start);
}

async function start(options: PolicyServerCommandOptions): Promise<void> {
  const { data, engine, textEncoder, tokenizer, host, port, seed, token } = options;
  const { sampler, nfe, eta } = options;
  const source = sourceOf(options);
  const place = { data, engine, textEncoder, tokenizer, checkpoints: checkpointsAmong([source]) };
  const server = await servePolicy({
    ...{ place, source, host, port, seed, token },
    ...(sampler !== undefined && { sampler }),
    ...(nfe !== undefined && { nfe }),
    ...(eta !== undefined && { eta }),
  });
  await serveUntilEnd(server, `The policy is at ${server.url}, for clients of openpi`);
}
