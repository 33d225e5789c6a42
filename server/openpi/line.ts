import { setTimeout as delay } from 'node:timers/promises';
import { AnswerError } from './answer.ts';
import { PolicyConnection } from './connection.ts';

export interface LineOptions {
  readonly url: string;
  /** How long an answer may take, ms. */
  readonly answerMs: number;
  readonly apiKey: string | undefined;
}

/** An answer and how long it took, ms. */
export interface Answered {
  readonly frame: Uint8Array;
  readonly ms: number;
}

/** The introduction and the first answer may take so many times longer: policies compile themselves then. */
const FIRST = 6;
/** Pauses before a server that is not there is dialled again, ms. */
const PAUSES: readonly number[] = [100, 200, 400, 800, 1600];
/** Requests in a row without an answer after which a server counts as lost. */
const MOST_FAILURES = 3;

/**
 * A line to a policy server, which dials again when a connection has ended. After three requests in a
 * row without an answer it is given up: what is asked from then on fails at once.
 */
export class PolicyLine {
  readonly #options: LineOptions;
  readonly #metadata: Uint8Array;
  #connection: PolicyConnection;
  #answered = false;
  #failures = 0;
  #lost: AnswerError | null = null;
  /** Ends once all that was asked until now has been answered, or has not. */
  #last: Promise<unknown> = Promise.resolve();

  private constructor(options: LineOptions, connection: PolicyConnection, metadata: Uint8Array) {
    this.#options = options;
    this.#connection = connection;
    this.#metadata = metadata;
  }

  /** @throws AnswerError where no policy server is there */
  static async open(options: LineOptions): Promise<PolicyLine> {
    const { connection, metadata } = await dial(options);
    return new PolicyLine(options, connection, metadata);
  }

  /** What the server said of itself. */
  get metadata(): Uint8Array {
    return this.#metadata;
  }

  /**
   * Several may ask at once: they are answered in turn.
   *
   * @throws AnswerError where no answer came to this request; the next one may be answered
   */
  ask(frame: Uint8Array): Promise<Answered> {
    const answered = this.#last.then(() => this.#askInTurn(frame));
    this.#last = answered.catch(() => undefined);
    return answered;
  }

  async #askInTurn(frame: Uint8Array): Promise<Answered> {
    if (this.#lost) throw this.#lost;
    try {
      const answered = await this.#askOnce(frame).catch((error: unknown) => {
        // It may have hung up as this was on its way: that is nobody's fault.
        if (this.#connection.saidGoodbye) return this.#askOnce(frame);
        throw error;
      });
      this.#answered = true;
      this.#failures = 0;
      return answered;
    } catch (error) {
      if (!(error instanceof AnswerError)) throw error;
      if (++this.#failures >= MOST_FAILURES) {
        this.#lost ??= new AnswerError(
          `given up after ${MOST_FAILURES} requests without an answer, the last: ${error.message}`,
        );
      }
      throw error;
    }
  }

  close(): void {
    this.#connection.close();
  }

  async #askOnce(frame: Uint8Array): Promise<Answered> {
    const connection = this.#connection.open ? this.#connection : await this.#dialAgain();
    const { answerMs } = this.#options;
    const began = performance.now();
    const answer = await connection.ask(frame, this.#answered ? answerMs : FIRST * answerMs);
    return { frame: answer, ms: performance.now() - began };
  }

  async #dialAgain(): Promise<PolicyConnection> {
    const { connection, metadata } = await dial(this.#options, PAUSES);
    this.#connection = connection;
    if (Buffer.compare(metadata, this.#metadata) === 0) return connection;
    connection.close();
    this.#lost = new AnswerError('another policy is served there than before');
    throw this.#lost;
  }
}

/** @param pauses before each further attempt. @default one attempt */
async function dial(
  { url, answerMs, apiKey }: LineOptions,
  pauses: readonly number[] = [],
): ReturnType<typeof PolicyConnection.dial> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await PolicyConnection.dial(url, { withinMs: FIRST * answerMs, apiKey });
    } catch (error) {
      if (!(error instanceof AnswerError) || attempt >= pauses.length) throw error;
      await delay(pauses[attempt]);
    }
  }
}
