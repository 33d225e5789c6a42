import { ProtocolError } from '../protocol/errors.ts';

/** Where in an object store files lie. */
export interface S3Address {
  readonly bucket: string;
  /** What their keys begin with, without slashes at its ends; '' for nothing. */
  readonly prefix: string;
}

const SCHEME = 's3://';
const EXAMPLE = `${SCHEME}BUCKET/PREFIX`;
/** Keys may have 1024 bytes; names of ours take the rest. */
const MOST_PREFIX = 512;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
/** Characters that need no encoding in any store, but for what names of rollouts mean by #. */
const PART = /^[\w!.*'()=+,-]+$/;

/** Whether a text names a place in an object store, well or badly. */
export function isS3(text: string): boolean {
  return text.toLowerCase().startsWith(SCHEME);
}

/**
 * An address as a person gives it. Its text gets into no message: it may hold a key where none belongs.
 *
 * @throws ProtocolError 'invalid-request'
 */
export function parseS3Address(text: string): S3Address {
  const refuse = (got: string, cure: string) =>
    new ProtocolError('invalid-request', `expected ${EXAMPLE}, got ${got}; ${cure}`);
  const rest = text.slice(SCHEME.length);
  const slash = rest.indexOf('/');
  const bucket = slash === -1 ? rest : rest.slice(0, slash);
  const prefix = slash === -1 ? '' : rest.slice(slash + 1).replace(/\/$/, '');
  if (bucket.includes('@')) {
    throw refuse(
      'an address with keys in it',
      'give them as AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    );
  }
  if (!BUCKET.test(bucket)) {
    throw refuse(
      'a bucket of another name than buckets have',
      'they have 3 to 63 small letters, digits, dots and hyphens',
    );
  }
  if (prefix.length > MOST_PREFIX) {
    throw refuse(`a prefix of ${prefix.length} characters`, `give at most ${MOST_PREFIX}`);
  }
  const sound = (part: string) => PART.test(part) && part !== '.' && part !== '..';
  if (prefix !== '' && !prefix.split('/').every(sound)) {
    throw refuse(
      'another kind of prefix',
      "use letters, digits and any of !-_.*'()=+, with single slashes between parts",
    );
  }
  return { bucket, prefix };
}

export function formatS3Address({ bucket, prefix }: S3Address): string {
  return `${SCHEME}${bucket}${prefix && `/${prefix}`}`;
}
