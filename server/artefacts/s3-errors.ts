/** What becomes of the errors of object stores and of the way to them: which pass, and what helps. */
import { type ErrorCode, ProtocolError } from '../protocol/errors.ts';

interface Trouble {
  readonly expected: string;
  readonly cure: string;
  /** @default 'failed' */
  readonly code?: ErrorCode;
  /** It may pass by itself: a store that is busy, a network that comes back. */
  readonly passes?: true;
}

const AGAIN: Trouble = {
  expected: 'an object store that answers',
  cure: 'see whether it runs, and AWS_ENDPOINT_URL names it; the same command goes on',
  passes: true,
};
const KEYS: Trouble = {
  expected: 'keys that it knows',
  cure:
    'set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (and AWS_SESSION_TOKEN of temporary ones), or ' +
    'AWS_PROFILE',
  code: 'unauthorized',
};
const RIGHTS: Trouble = {
  expected: 'keys that may list, read, write and delete there',
  cure: 'allow s3:ListBucket, s3:GetObject, s3:PutObject and s3:DeleteObject, or use other keys',
  code: 'unauthorized',
};
const BUCKET: Trouble = {
  expected: 'a bucket of that name',
  cure: "make it, or give another; AWS_ENDPOINT_URL says in which store it is, if not in Amazon's",
  code: 'not-found',
};
const REGION: Trouble = {
  expected: 'the region of the bucket',
  cure: 'name it in AWS_REGION',
  code: 'invalid-request',
};
const CLOCK: Trouble = {
  expected: 'a clock that is right to some minutes',
  cure: 'set the clock of this machine',
};
const ROOM: Trouble = { expected: 'room in it', cure: 'make room there; what was done is safe' };

/** By the codes of S3 and of Node. */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  NoSuchBucket: BUCKET,
  InvalidAccessKeyId: KEYS,
  SignatureDoesNotMatch: KEYS,
  InvalidToken: KEYS,
  ExpiredToken: KEYS,
  CredentialsProviderError: KEYS,
  AccessDenied: RIGHTS,
  AllAccessDisabled: RIGHTS,
  PermanentRedirect: REGION,
  AuthorizationHeaderMalformed: REGION,
  IllegalLocationConstraintException: REGION,
  RequestTimeTooSkewed: CLOCK,
  QuotaExceeded: ROOM,
  XMinioStorageFull: ROOM,
  InternalError: AGAIN,
  ServiceUnavailable: AGAIN,
  SlowDown: AGAIN,
  OperationAborted: AGAIN,
  /** Somebody wrote or removed the same at that moment. */
  ConditionalRequestConflict: AGAIN,
  RequestTimeout: AGAIN,
  TimeoutError: AGAIN,
  AbortError: AGAIN,
  /** What arrived there is not what was sent. */
  BadDigest: AGAIN,
  ECONNREFUSED: AGAIN,
  ECONNRESET: AGAIN,
  EPIPE: AGAIN,
  ETIMEDOUT: AGAIN,
  EHOSTUNREACH: AGAIN,
  ENETUNREACH: AGAIN,
  EAI_AGAIN: { ...AGAIN, expected: 'an answer of the name service' },
  ENOTFOUND: { expected: 'a host of that name', cure: AGAIN.cure },
};
const BY_STATUS: Readonly<Record<number, Trouble>> = {
  301: REGION,
  401: KEYS,
  403: RIGHTS,
  429: AGAIN,
  500: AGAIN,
  502: AGAIN,
  503: AGAIN,
  504: AGAIN,
  507: ROOM,
};

/** An answer ended before all of it was there. */
export class CutOffError extends Error {
  override readonly name = 'CutOffError';
}

function troubleOf(error: unknown): Trouble | null {
  if (error instanceof CutOffError) return AGAIN;
  if (error instanceof AggregateError && error.errors.length > 0) return troubleOf(error.errors[0]);
  if (!(error instanceof Error)) return null;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const known = TROUBLES[error.name] ?? TROUBLES[code] ?? BY_STATUS[statusOf(error) ?? 0];
  if (known) return known;
  return /region is missing/i.test(error.message) ? REGION : null;
}

/** Whether the same may go well in a moment. */
export function passes(error: unknown): boolean {
  return troubleOf(error)?.passes === true;
}

/** Whether an object is not there. */
export function isNoObject(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NoSuchKey' || error.name === 'NotFound');
}

/** Whether there is one already where none was to be. */
export function isTaken(error: unknown): boolean {
  return error instanceof Error && error.name === 'PreconditionFailed';
}

/**
 * A typed error of one that the SDK threw: expected, got, cure.
 *
 * @param place for people
 */
export function s3Error(place: string, error: unknown): ProtocolError {
  const trouble = troubleOf(error);
  const got = describe(error);
  const what = trouble ? `expected ${trouble.expected}, got ${got}; ${trouble.cure}` : got;
  return new ProtocolError(trouble?.code ?? 'failed', `${place}: ${what}`, { cause: error });
}

/** Of a host with several addresses there is an error for each, and no text. */
function describe(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return describe(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  const status = statusOf(error);
  const said = [error.name, error.message].filter((part) => part !== 'Error' && part !== '');
  return `${said.join(': ').slice(0, 500)}${status === null ? '' : ` (${status})`}`;
}

/** Of the answer, where there was one. */
function statusOf(error: Error): number | null {
  const metadata: unknown = '$metadata' in error ? error.$metadata : null;
  if (typeof metadata !== 'object' || metadata === null) return null;
  const status: unknown = 'httpStatusCode' in metadata ? metadata.httpStatusCode : null;
  return typeof status === 'number' ? status : null;
}
