import { randomBytes } from 'node:crypto';
import { bracketed, isLoopback } from './net/own-addresses.ts';
import { ClientDoor, type DoorOptions } from './openpi/client-door.ts';
import { ProtocolError } from './protocol/errors.ts';

/** Where a server of policies or environments listens, and for whom. */
export interface DoorAddress {
  readonly host: string;
  readonly port: number;
  /** @default on loopback none, elsewhere that of the environment, or one that is drawn */
  readonly token?: string | undefined;
}

export interface RunningDoor {
  readonly url: string;
  readonly token: string | null;
  /** Rejected where a process that does its work ends by itself. */
  readonly ended: Promise<never>;
  close(): Promise<void>;
}

/** A process that does a server's work. */
interface Working {
  readonly ended: Promise<never>;
  close(): void;
}

/** Shorter ones can be guessed. */
const MIN_TOKEN_LENGTH = 16;

/**
 * Lets clients in to what answers them.
 *
 * @param working what ends with it
 * @throws the system's error where the port is taken
 */
export async function openDoor(
  { host, port, token }: Pick<DoorOptions, 'host' | 'port' | 'token'>,
  options: Pick<DoorOptions, 'metadata' | 'answering'>,
  working: readonly Working[],
): Promise<RunningDoor> {
  const door = await ClientDoor.open({ host, port, token, ...options });
  const ended = Promise.race(working.map((each) => each.ended));
  // Who does not wait for it has asked for an end.
  ended.catch(() => {});
  return {
    url: `ws://${bracketed(host)}:${door.port}`,
    token,
    ended,
    close: async () => {
      await door.close();
      for (const each of working) each.close();
    },
  };
}

/**
 * What clients must send as `Authorization: Api-Key …`; null where nothing is needed.
 *
 * @throws ProtocolError 'invalid-request' for one that can be guessed
 */
export function tokenFor({ host, token }: Pick<DoorAddress, 'host' | 'token'>): string | null {
  const chosen = token ?? process.env.FORKING_PATHS_API_KEY;
  if (chosen === undefined) {
    return isLoopback(host) ? null : randomBytes(24).toString('base64url');
  }
  if (chosen.length >= MIN_TOKEN_LENGTH && /^[\x21-\x7e]+$/.test(chosen)) return chosen;
  throw new ProtocolError(
    'invalid-request',
    `token: expected at least ${MIN_TOKEN_LENGTH} letters, digits and signs, got ${chosen.length} ` +
      'characters; choose a longer one, or leave it out and take the one that is drawn',
  );
}
