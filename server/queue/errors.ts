/** What becomes of the errors of PostgreSQL and of the way to it: which pass, and what helps. */
import { ProtocolError } from '../protocol/errors.ts';
import type { QueueAddress } from './address.ts';

interface Trouble {
  readonly expected: string;
  readonly cure: string;
  /** It may pass by itself: a server that starts again, a network that comes back. */
  readonly passes?: true;
}

const SERVER = 'a PostgreSQL server that answers';
const START =
  'start one there, such as "docker run -p 5432:5432 -e POSTGRES_PASSWORD=… postgres", or leave out ' +
  '--queue and do without others';
const AGAIN: Trouble = {
  expected: SERVER,
  cure: 'see whether it runs; the same command goes on',
  passes: true,
};
const PASSWORD: Trouble = {
  expected: 'its user and password',
  cure: 'give them in the address, as PGPASSWORD, or in the file .pgpass',
};
const RIGHTS: Trouble = {
  expected: 'a user who may make a schema in the database',
  cure: 'GRANT CREATE ON DATABASE to that user, or give another',
};

/** By the error codes of Node and of PostgreSQL (appendix A of its manual). */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  ECONNREFUSED: { expected: SERVER, cure: START, passes: true },
  ENOENT: { expected: SERVER, cure: START, passes: true },
  ENOTFOUND: { expected: 'a host of that name', cure: 'check the address' },
  EAI_AGAIN: { expected: 'an answer of the name service', cure: 'check the network', passes: true },
  ECONNRESET: AGAIN,
  EPIPE: AGAIN,
  ETIMEDOUT: AGAIN,
  EHOSTUNREACH: AGAIN,
  ENETUNREACH: AGAIN,
  '08000': AGAIN,
  '08001': AGAIN,
  '08003': AGAIN,
  '08006': AGAIN,
  '57P01': AGAIN,
  '57P02': AGAIN,
  '57P03': AGAIN,
  '40001': AGAIN,
  '40P01': AGAIN,
  '55P03': AGAIN,
  '28P01': PASSWORD,
  '28000': PASSWORD,
  '3D000': { expected: 'a database of that name', cure: 'make it, or give another address' },
  '42501': RIGHTS,
  '53100': {
    expected: 'room on its disk',
    cure: 'make room there; what was done is safe',
    passes: true,
  },
  '53200': { expected: 'memory for what it is asked', cure: 'give it more', passes: true },
  '53300': {
    expected: 'a free connection',
    cure: 'raise max_connections, put PgBouncer before it, or start fewer workers: each holds two',
    passes: true,
  },
  '25006': {
    expected: 'a server that can be written to',
    cure: 'give the address of the primary, not of a replica',
    passes: true,
  },
};

/** What pg says without a code where a connection ends or is not made in time. */
const LOST =
  /connection terminated|connection ended|connection timeout|timeout exceeded|not queryable/i;

function troubleOf(error: unknown): Trouble | null {
  if (error instanceof AggregateError && error.errors.length > 0) return troubleOf(error.errors[0]);
  if (!(error instanceof Error)) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = TROUBLES[code];
  if (known) return known;
  return LOST.test(error.message) ? AGAIN : null;
}

/** The queue itself does not do what it is asked. */
export class QueueError extends ProtocolError {
  constructor(address: QueueAddress, what: string, cause: unknown) {
    super('failed', `queue ${address.shown}: ${what}`, { cause });
  }
}

/** Whether the same may go well in a moment. */
export function passes(error: unknown): boolean {
  return troubleOf(error)?.passes === true;
}

/** A typed error of one that the driver threw: expected, got, cure. */
export function queueError(address: QueueAddress, error: unknown): QueueError {
  if (error instanceof QueueError) return error;
  const trouble = troubleOf(error);
  const got = describe(error);
  const what = trouble ? `expected ${trouble.expected}, got ${got}; ${trouble.cure}` : got;
  return new QueueError(address, what, error);
}

/** Of a host with several addresses there is an error for each, and no text. */
function describe(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return describe(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
