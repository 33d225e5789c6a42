/**
 * Files as objects of any store that speaks S3: Amazon's, or one that AWS_ENDPOINT_URL names. The only place
 * that imports its SDK, which is loaded with the first request.
 */
import { createHash } from 'node:crypto';
import { addAbortSignal, Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { FileError } from '../../demos/files/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { persist } from '../protocol/persist.ts';
import type { Artefacts } from './artefacts.ts';
import { formatS3Address, type S3Address } from './s3-address.ts';
import { CutOffError, isNoObject, isTaken, passes, s3Error } from './s3-errors.ts';

/** How long a store may not answer while work is under way, ms. */
const PATIENCE_MS = 5 * 60_000;
/** The same before it has ever answered: what a store that starts takes. */
const PATIENCE_AT_START_MS = 10_000;
/** How long an answer may take, ms, besides its bytes: a megabyte a second. */
const ANSWER_MS = 60_000;
const BYTES_A_MS = 1000;
/** How long it may take until somebody is there, ms. */
const CONNECT_MS = 5000;
const PAUSE = { least: 100, most: 5000 };
/** Names that are believed of a folder, and pages of names, of which some may be empty. */
const MOST_NAMES = 1_000_000;
const MOST_PAGES = 10_000;

export interface S3Options {
  /** How long it is asked again where it does not answer, or answers that it cannot now, ms. @default 5 min */
  readonly patienceMs?: number | undefined;
  /** How long an answer may take besides its bytes, ms. @default 1 min */
  readonly answerMs?: number | undefined;
  /** Names that it is to put on a page of a list. @default as many as it likes: a thousand */
  readonly namesAPage?: number | undefined;
  /** Told once that it does not answer, and once that it does again. @default a warning of the process */
  readonly onTrouble?: ((message: string) => void) | undefined;
}

/** What is asked of the SDK in one request. */
interface Asked {
  readonly sdk: typeof import('@aws-sdk/client-s3');
  readonly client: S3Client;
  readonly Bucket: string;
  /** Aborts once the answer has taken too long. */
  readonly signal: AbortSignal;
  /** Gives it longer, from now on, for so many bytes. */
  readonly allow: (bytes: number) => void;
}

/**
 * Objects below a prefix of a bucket. Keys and endpoint come from the usual AWS_* variables and files.
 *
 * What fails in a way that may pass is asked again, with longer and longer pauses, for some minutes.
 *
 * @throws ProtocolError, by all methods: 'unauthorized' for keys, 'not-found' for no such bucket,
 *         'invalid-request' for another region, 'failed' where the store does not answer
 */
export class S3Artefacts implements Artefacts {
  readonly place: string;
  readonly #address: S3Address;
  readonly #patienceMs: number;
  readonly #answerMs: number;
  readonly #namesAPage: number | undefined;
  readonly #onTrouble: (message: string) => void;
  #opened: Promise<Pick<Asked, 'sdk' | 'client'>> | null = null;
  #answered = false;
  #troubled = false;

  constructor(
    address: S3Address,
    {
      patienceMs = PATIENCE_MS,
      answerMs = ANSWER_MS,
      namesAPage,
      onTrouble = warn,
    }: S3Options = {},
  ) {
    this.place = formatS3Address(address);
    this.#address = address;
    this.#patienceMs = patienceMs;
    this.#answerMs = answerMs;
    this.#namesAPage = namesAPage;
    this.#onTrouble = onTrouble;
  }

  pathOf(name: string): string {
    return `${this.place}/${name}`;
  }

  async list(beginning: string): Promise<string[]> {
    const names: string[] = [];
    let after: string | undefined;
    for (let page = 0; page < MOST_PAGES && names.length <= MOST_NAMES; page++) {
      const { Contents = [], NextContinuationToken: next } = await this.#ask((asked) =>
        asked.client.send(
          new asked.sdk.ListObjectsV2Command({
            ...{ Bucket: asked.Bucket, Prefix: this.#key(beginning), Delimiter: '/' },
            ...(this.#namesAPage !== undefined && { MaxKeys: this.#namesAPage }),
            ...(after !== undefined && { ContinuationToken: after }),
          }),
          { abortSignal: asked.signal },
        ),
      );
      for (const { Key } of Contents) {
        if (Key?.startsWith(this.#key(beginning))) names.push(Key.slice(this.#key('').length));
      }
      after = next;
      if (after === undefined) return names.sort();
    }
    throw new FileError(
      'too-large',
      this.pathOf(beginning),
      `expected at most ${MOST_NAMES} names on ${MOST_PAGES} pages, got more; this program writes none so many`,
    );
  }

  async read(name: string, most: number): Promise<Uint8Array> {
    const path = this.pathOf(name);
    try {
      return await this.#ask(async ({ sdk, client, Bucket, signal, allow }) => {
        const command = new sdk.GetObjectCommand({ Bucket, Key: this.#key(name) });
        const { Body, ContentLength } = await client.send(command, { abortSignal: signal });
        if (!(Body instanceof Readable)) throw new CutOffError('an answer without a body');
        allow(Math.min(ContentLength ?? most, most));
        return readBody(path, addAbortSignal(signal, Body), { length: ContentLength, most });
      });
    } catch (error) {
      if (!(error instanceof ProtocolError) || !isNoObject(error.cause)) throw error;
      const message = 'expected it to be there, got nothing';
      throw new FileError('missing', path, message, { cause: error.cause });
    }
  }

  async write(name: string, content: Uint8Array | string): Promise<void> {
    await this.#put(name, content, {});
  }

  /**
   * Of two who do so at the same moment one is told that it was not written, by stores that know conditions. So is
   * who had to ask again, as the answer to the first time was lost: what is there is then its own.
   */
  async create(name: string, content: Uint8Array | string): Promise<boolean> {
    if ((await this.list(name)).includes(name)) return false;
    try {
      await this.#put(name, content, { IfNoneMatch: '*' });
      return true;
    } catch (error) {
      if (error instanceof ProtocolError && isTaken(error.cause)) return false;
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    await this.#ask(({ sdk, client, Bucket, signal }) => {
      const command = new sdk.DeleteObjectCommand({ Bucket, Key: this.#key(name) });
      return client.send(command, { abortSignal: signal });
    });
  }

  /** Asking twice writes the same twice. The store checks what arrives by its MD5, as all of them can. */
  async #put(
    name: string,
    content: Uint8Array | string,
    condition: { readonly IfNoneMatch?: '*' },
  ): Promise<void> {
    const Body = typeof content === 'string' ? Buffer.from(content) : content;
    const ContentMD5 = createHash('md5').update(Body).digest('base64');
    await this.#ask(({ sdk, client, Bucket, signal, allow }) => {
      const Key = this.#key(name);
      const command = new sdk.PutObjectCommand({ Bucket, Key, Body, ContentMD5, ...condition });
      allow(Body.length);
      return client.send(command, { abortSignal: signal });
    });
  }

  #key(name: string): string {
    const { prefix } = this.#address;
    return prefix === '' ? name : `${prefix}/${name}`;
  }

  async #ask<T>(action: (asked: Asked) => Promise<T>): Promise<T> {
    try {
      this.#opened ??= openClient();
      const opened = await this.#opened;
      const once = async () => {
        const deadline = new Deadline(this.#answerMs);
        const { signal, allow } = deadline;
        try {
          return await action({ ...opened, Bucket: this.#address.bucket, signal, allow });
        } finally {
          deadline.end();
        }
      };
      const result = await persist(once, {
        patienceMs: this.#answered
          ? this.#patienceMs
          : Math.min(this.#patienceMs, PATIENCE_AT_START_MS),
        ...{ pause: PAUSE, passes },
        onTrouble: (error) => this.#tell(error),
      });
      this.#recover();
      return result;
    } catch (error) {
      // What is wrong with a file is no fault of the store.
      throw error instanceof FileError ? error : s3Error(this.place, error);
    }
  }

  #tell(error: unknown): void {
    if (this.#troubled) return;
    this.#troubled = true;
    this.#onTrouble(`${s3Error(this.place, error).message}; trying again`);
  }

  #recover(): void {
    this.#answered = true;
    if (!this.#troubled) return;
    this.#troubled = false;
    this.#onTrouble(`${this.place}: it answers again`);
  }
}

/** Aborts after so long, and what is allowed for bytes. */
class Deadline {
  readonly #controller = new AbortController();
  readonly #ms: number;
  #timer: NodeJS.Timeout;

  constructor(ms: number) {
    this.#ms = ms;
    this.#timer = this.#start(0);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  readonly allow = (bytes: number): void => {
    this.end();
    this.#timer = this.#start(bytes);
  };

  end(): void {
    clearTimeout(this.#timer);
  }

  #start(bytes: number): NodeJS.Timeout {
    const ms = this.#ms + bytes / BYTES_A_MS;
    const late = new DOMException(`no answer within ${Math.round(ms / 1000)} s`, 'TimeoutError');
    return setTimeout(() => this.#controller.abort(late), ms);
  }
}

/** @cost 0.2 s of CPU */
async function openClient(): Promise<Pick<Asked, 'sdk' | 'client'>> {
  // What it says of versions of Node concerns later versions of the SDK than the one that is installed.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const sdk = await import('@aws-sdk/client-s3');
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const elsewhere = (AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL) !== undefined;
  // Stores of others have any region, and no host for each bucket.
  const region = AWS_REGION ?? AWS_DEFAULT_REGION ?? (elsewhere ? 'us-east-1' : undefined);
  const client = new sdk.S3Client({
    ...(region !== undefined && { region }),
    forcePathStyle: elsewhere,
    // It is asked again here, where bodies that are cut off are noticed as well.
    maxAttempts: 1,
    requestHandler: { connectionTimeout: CONNECT_MS },
    // Not all stores know its new checksums: content has digests of its own.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  return { sdk, client };
}

/**
 * @param length that was announced; undefined where none was
 * @throws FileError 'too-large'; CutOffError where it is not as long as announced
 */
async function readBody(
  path: string,
  body: Readable,
  { length, most }: { readonly length: number | undefined; readonly most: number },
): Promise<Uint8Array> {
  try {
    if (length !== undefined && length > most) throw tooLarge(path, most, String(length));
    const parts: Buffer[] = [];
    let got = 0;
    for await (const part of body) {
      got += part.length;
      if (got > most) throw tooLarge(path, most, 'more');
      parts.push(part);
    }
    if (length === undefined || got === length) return Buffer.concat(parts);
    throw new CutOffError(`expected ${length} bytes of ${path}, got ${got}`);
  } finally {
    body.destroy();
  }
}

function tooLarge(path: string, most: number, got: string): FileError {
  const message = `expected at most ${most} bytes, got ${got}; this program writes none so large`;
  return new FileError('too-large', path, message);
}

function warn(message: string): void {
  process.emitWarning(message);
}
