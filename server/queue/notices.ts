/**
 * What servers that share a PostgreSQL database tell one another: short words by its LISTEN and NOTIFY,
 * kept nowhere. The only place that imports pg.
 *
 * Whoever may connect to the database can speak here and listen, so a word is checked as any other input,
 * and says nothing that one must not know. It may get lost, as while the database is away: what is told
 * must bear that.
 */
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { z } from 'zod';
import type { QueueAddress } from './address.ts';
import { queueError } from './errors.ts';

/** How often a server listens for its own word, which proves the way there and back, ms. */
const BEAT_MS = 5000;
/** Without that for so long the connection counts as lost, ms. */
const SILENT_MS = 3 * BEAT_MS;
/** How long a connection may take, ms. */
const CONNECT_MS = 10_000;
/** Between tries to connect, ms. */
const PAUSE = { least: 100, most: 2000 };
/** Words that may wait; beyond them the oldest is not told. */
const MOST_WAITING = 64;
/** What PostgreSQL takes in one word, bytes. */
const MOST_BYTES = 7999;

export interface NoticesOptions<T> {
  /** Servers of one channel hear one another. */
  readonly channel: string;
  readonly words: z.ZodType<T>;
  /** What another server has told. */
  onWord(word: T): void;
  /** They can be told again, after a time in which nothing was heard. */
  onReturn(): void;
  /** Told, once, that the database does not answer, and once more that it does again. */
  onTrouble(message: string): void;
  /** @default as above, ms */
  readonly beatMs?: number;
}

export class Notices<T extends object> {
  readonly #address: QueueAddress;
  readonly #options: NoticesOptions<T>;
  readonly #name = randomBytes(8).toString('hex');
  readonly #envelope: z.ZodType<{ from: string; word: T | null }>;
  readonly #closing = new AbortController();
  #connection: Connection | null = null;
  #refused = false;

  private constructor(address: QueueAddress, options: NoticesOptions<T>) {
    this.#address = address;
    this.#options = options;
    this.#envelope = z.strictObject({
      from: z.string().regex(/^[0-9a-f]{16}$/),
      word: options.words.nullable(),
    });
  }

  /** @throws QueueError where the database is not there, or does not let us in */
  static async open<T extends object>(
    address: QueueAddress,
    options: NoticesOptions<T>,
  ): Promise<Notices<T>> {
    const notices = new Notices(address, options);
    try {
      notices.#connection = await notices.#connect();
    } catch (error) {
      throw queueError(address, error);
    }
    void notices.#stay(notices.#connection);
    return notices;
  }

  /** Tells all others, where the database is there. */
  tell(word: T): void {
    this.#connection?.send(JSON.stringify({ from: this.#name, word }));
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#connection?.end();
  }

  #connect(): Promise<Connection> {
    return Connection.open(this.#address, this.#options.channel, (text) => this.#hear(text));
  }

  /** Keeps a connection for as long as there is none to be had, again and again. */
  async #stay(first: Connection): Promise<void> {
    for (let connection = first; ; ) {
      const cause = await this.#lost(connection);
      this.#connection = null;
      await connection.end();
      if (this.#closing.signal.aborted) return;
      const { message } = queueError(this.#address, cause);
      this.#options.onTrouble(`${message}; until then each server goes on alone`);
      const again = await this.#return(message);
      if (!again) return;
      connection = again;
      this.#connection = again;
      this.#options.onTrouble(`queue ${this.#address.shown}: it answers again`);
      this.#options.onReturn();
    }
  }

  /** Resolves once a connection is lost, with why. */
  async #lost(connection: Connection): Promise<unknown> {
    const { beatMs = BEAT_MS } = this.#options;
    const silentMs = (SILENT_MS / BEAT_MS) * beatMs;
    const beat = JSON.stringify({ from: this.#name, word: null });
    while (!this.#closing.signal.aborted) {
      connection.send(beat);
      const ended = await Promise.race([connection.ended, pause(beatMs, this.#closing.signal)]);
      if (ended) return ended.cause;
      if (performance.now() - connection.heardAt > silentMs) {
        return new Error(
          `connection timeout: what was told did not come back within ${silentMs / 1000} s, as where ` +
            'PgBouncer stands between that gives each statement another connection',
        );
      }
    }
    return null;
  }

  /** @param said what is known to stand in the way */
  async #return(said: string): Promise<Connection | null> {
    const { signal } = this.#closing;
    let known = said;
    for (let ms = PAUSE.least; ; ms = Math.min(2 * ms, PAUSE.most)) {
      await pause(ms, signal);
      if (signal.aborted) return null;
      try {
        return await this.#connect();
      } catch (error) {
        // What does not pass by itself may be mended by a person.
        const { message } = queueError(this.#address, error);
        if (message !== known) this.#options.onTrouble(message);
        known = message;
      }
    }
  }

  /** @returns whether it is this server's own word */
  #hear(text: string): boolean {
    const envelope = this.#envelope.safeParse(parse(text));
    if (!envelope.success) {
      this.#refuse();
      return false;
    }
    const { from, word } = envelope.data;
    if (from === this.#name) return true;
    if (word !== null) this.#options.onWord(word);
    return false;
  }

  #refuse(): void {
    if (this.#refused) return;
    this.#refused = true;
    this.#options.onTrouble(
      `queue ${this.#address.shown}: expected words of servers of this version on the channel ` +
        `${this.#options.channel}, got another, which is left alone; see who else speaks in this database`,
    );
  }
}

/** One connection that listens and tells. */
class Connection {
  readonly ended: Promise<{ readonly cause: unknown }>;
  /** When its own word last came back, or it was made; ms of `performance.now()`. */
  heardAt = performance.now();
  readonly #client: pg.Client;
  readonly #channel: string;
  readonly #waiting: string[] = [];
  #telling = false;

  private constructor(client: pg.Client, channel: string) {
    this.#client = client;
    this.#channel = channel;
    this.ended = new Promise((resolve) => {
      client.on('error', (cause) => resolve({ cause }));
      client.on('end', () => resolve({ cause: new Error('connection ended') }));
    });
  }

  /** @param hear says whether a word is one's own */
  static async open(
    { connection }: QueueAddress,
    channel: string,
    hear: (text: string) => boolean,
  ): Promise<Connection> {
    const client = new pg.Client({
      connectionString: connection,
      application_name: 'forking-paths',
      connectionTimeoutMillis: CONNECT_MS,
      query_timeout: CONNECT_MS,
      keepAlive: true,
    });
    const own = new Connection(client, channel);
    client.on('notification', ({ payload }) => {
      if (hear(payload ?? '')) own.heardAt = performance.now();
    });
    try {
      await client.connect();
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    } catch (error) {
      await own.end();
      throw error;
    }
    return own;
  }

  send(text: string): void {
    if (Buffer.byteLength(text) > MOST_BYTES) {
      throw new RangeError(`notice: expected at most ${MOST_BYTES} bytes, got ${text.length}`);
    }
    this.#waiting.push(text);
    if (this.#waiting.length > MOST_WAITING) this.#waiting.shift();
    if (!this.#telling) void this.#tell();
  }

  async end(): Promise<void> {
    // One that is broken cannot be ended in good order, and is no more all the same.
    await this.#client.end().catch(() => undefined);
  }

  async #tell(): Promise<void> {
    this.#telling = true;
    try {
      for (let text = this.#waiting.shift(); text !== undefined; text = this.#waiting.shift()) {
        await this.#client.query('SELECT pg_notify($1, $2)', [this.#channel, text]);
      }
    } catch (error) {
      // Where it is the connection that fails, that ends it.
      this.#client.emit('error', error);
    } finally {
      this.#telling = false;
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** @returns null, when it is over or sooner by the signal */
async function pause(ms: number, signal: AbortSignal): Promise<null> {
  await delay(ms, undefined, { signal }).catch(() => undefined);
  return null;
}
