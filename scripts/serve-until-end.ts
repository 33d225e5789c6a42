/** What the servers of policies and environments have in common on the command line. */
import type { Command } from 'commander';
import type { RunningDoor } from '../server/door.ts';
import { EXIT } from './exit.ts';
import { onEnd } from './interrupt.ts';
import { wholeNumber } from './options.ts';

export interface DoorCommandOptions {
  readonly host: string;
  readonly port: number;
  readonly token?: string;
}

/** Where a server listens, and for whom. */
export function withDoor(command: Command, port: number): Command {
  return command
    .option('--port <n>', 'port to listen on; 0 picks a free one', wholeNumber(0, 65_535), port)
    .option('--host <address>', 'address to listen on; any but loopback needs a token', '127.0.0.1')
    .option(
      '--token <text>',
      'what clients must send as "Authorization: Api-Key TEXT"; better in the environment, as ' +
        'FORKING_PATHS_API_KEY (default: on loopback none, elsewhere one that is drawn and printed)',
    );
}

/**
 * Says where a server is, and serves until the command is asked to end.
 *
 * @param message a line that says so
 */
export async function serveUntilEnd(server: RunningDoor, message: string): Promise<void> {
  onEnd((asker) => {
    // It keeps serving when the reader of its start-up message has gone.
    if (asker === 'output') return;
    void server.close().finally(() => process.exit(EXIT.ok));
  });
  process.stdout.write(`${message}\n`);
  if (server.token !== null) process.stdout.write(`Authorization: Api-Key ${server.token}\n`);
  await server.ended;
}
