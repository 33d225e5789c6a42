import type { Answer, RequestName } from '../../../server/protocol/index.ts';
import type { ClientSocket, SocketEvents } from '../../shared/link/connection.ts';
import type { FromWorker, ToWorker } from './messages.ts';

/** What the worker answers. */
const OFFERED: ReadonlySet<RequestName> = new Set([
  'hello',
  'stage:command',
  'stage:ask',
  'stage:go-on',
]);

/** Of a worker, what is used. */
export interface Messenger {
  postMessage(message: ToWorker): void;
  addEventListener(event: 'message', listener: (event: { data: FromWorker }) => void): void;
  addEventListener(event: 'error', listener: (event: { message?: string }) => void): void;
}

/** In the place of a connection, where the page has no server: a worker beside it answers. */
export class AloneSocket implements ClientSocket {
  readonly connected = true;
  readonly offered = OFFERED;
  readonly #open: () => Messenger;
  readonly #listeners = new Map<string, ((...args: unknown[]) => void)[]>();
  readonly #waiting = new Map<number, (answer: Answer<RequestName>) => void>();
  #worker: Messenger | null = null;
  #asked = 0;
  /** Why the worker cannot answer. */
  #failure: Answer<RequestName> | null = null;

  /** @param open is called when there is something to ask */
  constructor(open: () => Messenger) {
    this.#open = open;
  }

  on<N extends keyof SocketEvents>(event: N, listener: SocketEvents[N]): void {
    const known = this.#listeners.get(event) ?? [];
    this.#listeners.set(event, [...known, listener as (...args: unknown[]) => void]);
  }

  /** A worker of one's own is not waited for in vain: the first time it loads megabytes. */
  timeout(): { emitWithAck(name: RequestName, ...args: unknown[]): Promise<Answer<RequestName>> } {
    return { emitWithAck: (name, request, beside) => this.#ask(name, request, beside) };
  }

  #ask(name: RequestName, request: unknown, beside: unknown): Promise<Answer<RequestName>> {
    if (this.#failure) return Promise.resolve(this.#failure);
    const id = ++this.#asked;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#worker ??= this.#begin();
      const bytes = beside instanceof ArrayBuffer ? beside : null;
      this.#worker.postMessage({ kind: 'request', id, name, request, beside: bytes });
    });
  }

  #begin(): Messenger {
    const worker = this.#open();
    worker.addEventListener('message', ({ data }) => this.#hear(worker, data));
    worker.addEventListener('error', ({ message }) => this.#fail(message));
    return worker;
  }

  #hear(worker: Messenger, said: FromWorker): void {
    if (said.kind === 'answer') {
      this.#waiting.get(said.id)?.(said.answer);
      this.#waiting.delete(said.id);
      return;
    }
    const { event, args, receipt } = said;
    const received = () => {
      if (receipt !== null) worker.postMessage({ kind: 'received', receipt });
    };
    for (const listener of this.#listeners.get(event) ?? []) listener(...args, received);
  }

  #fail(message = 'no script'): void {
    const error = {
      code: 'failed' as const,
      message:
        `expected the script that runs physics and policies in this page, got "${message}"; copy ` +
        'the whole folder to the host again, and reload in a browser with module workers',
    };
    this.#failure = { ok: false, error };
    for (const answer of this.#waiting.values()) answer(this.#failure);
    this.#waiting.clear();
  }
}
