import { WebSocket } from 'ws';
import { AnswerError, sayTraceback } from './answer.ts';

/** Largest frame that is taken in, bytes: a batch of pictures would fit. */
const MOST_BYTES = 16 * 1024 * 1024;
/** How a connection ends in peace: done, going away, without a word. */
const GOODBYES: readonly number[] = [1000, 1001, 1005];
/** How long a server may take to say goodbye, ms. */
const GOODBYE_MS = 1000;

export interface DialOptions {
  /** How long it may take until the server has introduced itself, ms. */
  readonly withinMs: number;
  /** Sent as `Authorization: Api-Key …`. @default none */
  readonly apiKey?: string | undefined;
}

interface Waiting {
  resolve(frame: Uint8Array): void;
  reject(error: AnswerError): void;
}

/**
 * A connection to a policy server: it introduces itself, then answers one request after the other. What
 * breaks the order, a frame that nobody asked for or an answer that is late, ends the connection, as
 * the next answer could be to another question.
 */
export class PolicyConnection {
  readonly #socket: WebSocket;
  #waiting: Waiting | null = null;
  #ended: AnswerError | null = null;
  #saidGoodbye = false;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer, isBinary) => this.#hear(data, isBinary));
    socket.on('error', (error: Error & { code?: string }) => {
      // Of an address that stands for several there is a code alone.
      this.#end(new AnswerError(`the connection failed: ${error.message || error.code}`));
    });
    socket.on('close', (code) => {
      this.#saidGoodbye = GOODBYES.includes(code) && this.#ended === null;
      this.#end(new AnswerError(`the server closed the connection (${code})`));
    });
  }

  /** @throws AnswerError where nobody answers, or not as a policy server does */
  static async dial(
    url: string,
    { withinMs, apiKey }: DialOptions,
  ): Promise<{ connection: PolicyConnection; metadata: Uint8Array }> {
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload: MOST_BYTES,
      headers: apiKey === undefined ? {} : { Authorization: `Api-Key ${apiKey}` },
    });
    const connection = new PolicyConnection(socket);
    return { connection, metadata: await connection.#next(withinMs, 'to introduce itself') };
  }

  get open(): boolean {
    return this.#ended === null;
  }

  /** Whether the server ended it in peace, for what was asked last did not upset it. */
  get saidGoodbye(): boolean {
    return this.#saidGoodbye;
  }

  /**
   * Sends a request and waits for its answer. One at a time.
   *
   * @throws AnswerError where none comes; the connection is of no more use then
   */
  async ask(frame: Uint8Array, withinMs: number): Promise<Uint8Array> {
    if (this.#ended) throw this.#ended;
    const answer = this.#next(withinMs, 'to answer');
    this.#socket.send(frame);
    return answer;
  }

  close(): void {
    this.#end(new AnswerError('this connection was closed here'), false);
    this.#socket.close();
    setTimeout(() => this.#socket.terminate(), GOODBYE_MS).unref();
  }

  async #next(withinMs: number, what: string): Promise<Uint8Array> {
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Uint8Array>((resolve, reject) => {
        this.#waiting = { resolve, reject };
        timer = setTimeout(() => {
          this.#end(new AnswerError(`expected the server ${what} within ${withinMs / 1000} s`));
        }, withinMs);
      });
    } finally {
      clearTimeout(timer);
    }
  }

  #hear(data: Buffer, isBinary: boolean): void {
    const waiting = this.#waiting;
    if (!waiting) {
      this.#end(new AnswerError('the server sent a frame that nobody had asked for'));
    } else if (isBinary) {
      this.#waiting = null;
      waiting.resolve(data);
    } else {
      // Servers of this protocol say what went wrong so, and hang up.
      this.#end(new AnswerError(`the server failed: ${sayTraceback(data.toString())}`));
    }
  }

  #end(reason: AnswerError, terminate = true): void {
    this.#ended ??= reason;
    if (terminate) this.#socket.terminate();
    const waiting = this.#waiting;
    this.#waiting = null;
    waiting?.reject(this.#ended);
  }
}
