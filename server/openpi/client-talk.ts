import type { WebSocket } from 'ws';
import { encode, type Sendable } from './codec.ts';

/** What a client is answered. */
export interface Answered {
  readonly fields: Readonly<Record<string, Sendable | undefined>>;
  /** What it took here, ms, as `server_timing` of the answer says it. */
  readonly timing: Readonly<Record<string, number>>;
}

/** Whose request it is, and which of that client's. */
export interface Asker {
  readonly client: number;
  readonly call: number;
}

/** What is done with requests: they are answered, or end in an error whose text the client is told. */
export interface Answering {
  answer(frame: Uint8Array, asker: Asker): Promise<Answered>;
  /** What a client is told of an error. */
  tell(error: unknown): string;
  /** Called once a client has gone that had asked something. */
  left?(client: number): void;
}

/** Requests of a client that may wait while it is answered: the protocol knows of none. */
const MOST_WAITING = 8;

/** A conversation with a client: one request after the other is answered. */
export class ClientTalk {
  readonly #socket: WebSocket;
  readonly #client: number;
  readonly #answering: Answering;
  readonly #waiting: Uint8Array[] = [];
  #busy = false;
  /** It was told what is wrong, and what it says from then on is not heard. */
  #over = false;
  #calls = 0;
  /** The last answer took, sending included, ms. */
  #lastMs: number | null = null;

  constructor(socket: WebSocket, client: number, answering: Answering) {
    this.#socket = socket;
    this.#client = client;
    this.#answering = answering;
  }

  /** @param first what every client is told */
  begin(first: Uint8Array): void {
    const socket = this.#socket;
    // 'close' follows, and there is nothing else to be done.
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#waiting.splice(0);
      if (this.#calls > 0) this.#answering.left?.(this.#client);
    });
    socket.on('message', (data: Buffer, isBinary) => {
      // Nor is it paused for: its goodbye would not be taken in.
      if (this.#over) return;
      if (!isBinary) this.#fail('expected binary frames, got text');
      else if (this.#waiting.length >= MOST_WAITING) {
        this.#fail(`expected one request at a time, got more than ${MOST_WAITING}`);
      } else {
        this.#waiting.push(data);
        // What it sends beyond stays in its own memory.
        socket.pause();
        void this.#answerAll();
      }
    });
    socket.send(first);
  }

  async #answerAll(): Promise<void> {
    if (this.#busy) return;
    this.#busy = true;
    for (let frame = this.#waiting.shift(); frame; frame = this.#waiting.shift()) {
      await this.#answer(frame);
    }
    this.#busy = false;
    this.#socket.resume();
  }

  async #answer(frame: Uint8Array): Promise<void> {
    const began = performance.now();
    try {
      const asker = { client: this.#client, call: this.#calls++ };
      const { fields, timing } = await this.#answering.answer(frame, asker);
      const server_timing = { ...timing, prev_total_ms: this.#lastMs ?? undefined };
      await this.#send(encode({ ...fields, server_timing }));
      this.#lastMs = performance.now() - began;
    } catch (error) {
      this.#fail(this.#answering.tell(error));
    }
  }

  /** Until the client has taken it in: one that does not read is not answered further. */
  #send(frame: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      // To one that has gone nothing is sent, and that is no error.
      this.#socket.send(frame, () => resolve());
    });
  }

  /** As servers of the protocol do: the error in text, then the end. */
  #fail(message: string): void {
    this.#over = true;
    this.#waiting.splice(0);
    this.#socket.send(message, () => {});
    this.#socket.close(1011, 'the error is in the frame before');
    // To take in the client's goodbye.
    this.#socket.resume();
  }
}
