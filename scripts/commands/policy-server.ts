import type { Command } from 'commander';
import { servePolicy } from '../../server/policy-server.ts';
import { checkpointsAmong } from '../../server/protocol/sources.ts';
import type { TextEncoderPlace } from '../../server/storage/text-encoder.ts';
import { EXIT } from '../exit.ts';
import { onEnd } from '../interrupt.ts';
import {
  dataOption,
  type EngineOptions,
  type PolicyOptions,
  SEED,
  sourceOf,
  wholeNumber,
  withEngine,
  withPolicy,
  withTextEncoder,
} from '../options.ts';

interface PolicyServerCommandOptions extends EngineOptions, PolicyOptions, TextEncoderPlace {
  readonly host: string;
  readonly port: number;
  readonly data: string;
  readonly seed: number;
  readonly token?: string;
}

export function definePolicyServer(command: Command): void {
  withTextEncoder(withPolicy(withEngine(command)))
    .option('--port <n>', 'port to listen on; 0 picks a free one', wholeNumber(0, 65_535), 8000)
    .option('--host <address>', 'address to listen on; any but loopback needs a token', '127.0.0.1')
    .option(
      '--token <text>',
      'what clients must send as "Authorization: Api-Key TEXT"; better in the environment, as ' +
        'FORKING_PATHS_API_KEY (default: on loopback none, elsewhere one that is drawn and printed)',
    )
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
  onEnd((asker) => {
    // It keeps serving when the reader of its start-up message has gone.
    if (asker === 'output') return;
    void server.close().finally(() => process.exit(EXIT.ok));
  });
  process.stdout.write(`The policy is at ${server.url}, for clients of openpi\n`);
  if (server.token !== null) process.stdout.write(`Authorization: Api-Key ${server.token}\n`);
  await server.ended;
}
