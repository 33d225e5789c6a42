import { ProtocolError } from '../protocol/errors.ts';

/** Where the queue's server is. */
export interface QueueAddress {
  /** With the password, for the driver alone. */
  readonly connection: string;
  /** Without it, for people: in messages, results and the list of workers. */
  readonly shown: string;
}

const MOST_CHARACTERS = 2000;
const EXAMPLE = 'postgres://USER@HOST:5432/DATABASE';

/**
 * An address as a person gives it. None of its text gets into a message but what is known to be no
 * password.
 *
 * @throws ProtocolError 'invalid-request'
 */
export function parseQueueAddress(text: string): QueueAddress {
  const refuse = (got: string, cure: string) =>
    new ProtocolError(
      'invalid-request',
      `--queue: expected the address of a PostgreSQL server, ${EXAMPLE}, got ${got}; ${cure}`,
    );
  if (text.length > MOST_CHARACTERS) {
    throw refuse(`${text.length} characters`, `give at most ${MOST_CHARACTERS}`);
  }
  const [, scheme] = /^([a-z][a-z0-9+.-]{0,20}):\/\//i.exec(text) ?? [];
  if (scheme === undefined) throw refuse('no address', 'begin it with postgres://');
  if (!/^postgres(ql)?$/i.test(scheme)) {
    throw refuse(`one that begins with ${scheme}://`, 'the queue is kept by PostgreSQL alone');
  }
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse('one that is none', 'write special characters of a password as %XX');
  }
  return { connection: text, shown: withoutSecrets(url) };
}

/** Of what stands behind the question mark, too, as drivers take passwords there. */
function withoutSecrets(url: URL): string {
  const { username, password, host, pathname } = url;
  const user = username === '' && password === '' ? '' : `${username}${password && ':***'}@`;
  return `postgres://${user}${host}${pathname}`;
}
