import type { Command } from 'commander';
import { serve } from '../../server/main.ts';
import { LIMITS } from '../../server/protocol/limits.ts';
import type { QueueAddress } from '../../server/queue/address.ts';
import type { TextEncoderPlace } from '../../server/storage/text-encoder.ts';
import { EXIT } from '../exit.ts';
import { onEnd } from '../interrupt.ts';
import {
  dataOption,
  type EngineOptions,
  wholeNumber,
  withEngine,
  withTextEncoder,
} from '../options.ts';
import { type PolicyServerOptions, policyServerUrl, withPolicyServers } from '../policy-servers.ts';
import { queueOption } from '../queue/connect.ts';
import { VERSION } from '../version.ts';

interface ServeCommandOptions extends EngineOptions, TextEncoderPlace, PolicyServerOptions {
  readonly host: string;
  readonly port: number;
  readonly data: string;
  readonly allowedHost: string[];
  readonly allowEmbedding: string[];
  readonly trustProxy?: string;
  readonly painter: string[];
  readonly policyServer: string[];
  readonly policyServerToken?: string;
  readonly queue?: QueueAddress;
  readonly pages: number;
}

/** A process has file descriptors for so many, on most systems. */
const MOST_PAGES = 10_000;

export function defineServe(command: Command): void {
  withPolicyServers(withTextEncoder(withEngine(command)))
    .option('--port <n>', 'port to listen on; 0 picks a free one', wholeNumber(0, 65_535), 8080)
    .option('--host <address>', 'address to listen on; any but loopback needs a token', '127.0.0.1')
    .option(
      '--allowed-host <name>',
      'a host name under which clients may reach this server (repeatable)',
      (name: string, names: string[]) => [...names, name],
      [],
    )
    .option(
      '--allow-embedding <origin>',
      'a site whose pages may embed the stage in a frame, at ?embed (repeatable)',
      (origin: string, origins: string[]) => [...origins, origin],
      [],
    )
    .option(
      '--trust-proxy <hops|addresses>',
      'proxies in front of this server whose X-Forwarded-For is trusted: how many, or their addresses',
    )
    .option(
      '--painter <file>',
      'a painter that "pictures train" wrote, for the page of pictures (repeatable)',
      (path: string, paths: string[]) => [...paths, path],
      [],
    )
    .option(
      '--policy-server <url>',
      'a policy server, ws://HOST:PORT, whose policy may act on the page (repeatable); a page can name no other',
      (url: string, urls: string[]) => [...urls, policyServerUrl(url)],
      [],
    )
    .option(
      '--policy-server-token <text>',
      'what is sent to them as "Authorization: Api-Key TEXT"; better in the environment, as FORKING_PATHS_API_KEY',
    )
    .addOption(
      queueOption(
        'a database by which several servers show the same to pages that watch together (#together)',
      ),
    )
    .option(
      '--pages <n>',
      'pages that may be open at once',
      wholeNumber(1, MOST_PAGES),
      LIMITS.connections,
    )
    .addOption(dataOption())
    .action(start);
}

async function start({
  host,
  port,
  data,
  engine,
  allowedHost,
  allowEmbedding,
  trustProxy,
  textEncoder,
  tokenizer,
  painter,
  policyServer,
  policyServerToken,
  observationKeys,
  answerWithin,
  queue,
  pages,
}: ServeCommandOptions): Promise<void> {
  const server = await serve({
    host,
    port,
    data,
    engine,
    allowedHosts: allowedHost,
    embedders: allowEmbedding,
    trustProxy: trustProxy ?? null,
    textEncoder,
    tokenizer,
    painters: painter,
    policyServers: {
      urls: policyServer,
      observationKeys,
      answerMs: 1000 * answerWithin,
      apiKey: policyServerToken,
    },
    queue,
    pages,
    version: VERSION,
  });
  let closing = false;
  onEnd((asker) => {
    // It keeps serving when the reader of its start-up message has gone.
    if (asker === 'output') return;
    if (closing) process.exit(EXIT.interrupted);
    closing = true;
    process.stderr.write(
      'stopping jobs, which keep what they have; press Ctrl-C again to exit at once\n',
    );
    server.close().then(
      () => process.exit(EXIT.ok),
      (error: unknown) => {
        console.error(error);
        process.exit(EXIT.failed);
      },
    );
  });
  process.stdout.write(`Forking Paths is at ${server.url}\n`);
  for (const url of server.furtherUrls) process.stdout.write(`and for others at ${url}\n`);
}
