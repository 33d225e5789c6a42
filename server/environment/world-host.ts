import type { AskedReply } from '../openpi/asked.ts';
import { type ErrorReport, ProtocolError } from '../protocol/errors.ts';
import type { EnvironmentRequest } from './request.ts';
import { type AnswerFields, Worlds, type WorldsSetup } from './worlds.ts';

/** From the server: what a client asks; null once it has gone. */
export interface WorldCommand {
  readonly id: number;
  readonly client: number;
  readonly request: EnvironmentRequest | null;
}

/** And back: what the client is told, and how long it took, ms. */
export interface WorldAnswer {
  readonly fields: AnswerFields;
  readonly ms: number;
}

/** Worlds of all clients of a process: each holds WebAssembly memory of about 1 MB. */
const MOST_WORLDS = 256;

export interface WorldHostOptions extends WorldsSetup {
  reply(reply: AskedReply<WorldAnswer>): void;
  report(error: unknown): ErrorReport;
}

/** Steps the worlds of clients: one request after the other, in the order they come. */
export class WorldHost {
  readonly #options: WorldHostOptions;
  readonly #clients = new Map<number, Worlds>();

  constructor(options: WorldHostOptions) {
    this.#options = options;
    options.reply({ kind: 'ready' });
  }

  command({ id, client, request }: WorldCommand): void {
    const { reply, report } = this.#options;
    try {
      const began = performance.now();
      const fields = request
        ? this.#worldsOf(client, request).answer(request)
        : this.#leave(client);
      reply({ kind: 'answer', id, answer: { fields, ms: performance.now() - began } });
    } catch (error) {
      const said = report(error);
      if (said.code === 'internal') console.error(error);
      reply({ kind: 'error', id, error: said });
    }
  }

  #worldsOf(client: number, request: EnvironmentRequest): Worlds {
    const known = this.#clients.get(client) ?? new Worlds(this.#options);
    this.#clients.set(client, known);
    if (request.op === 'reset' && request.worlds === null) {
      const others = [...this.#clients.values()].reduce(
        (sum, { count }) => sum + count,
        -known.count,
      );
      if (others + request.starts.length > MOST_WORLDS) {
        throw new ProtocolError(
          'busy',
          `expected room for ${request.starts.length} worlds, got ${others} of ${MOST_WORLDS} taken ` +
            'by other clients; wait for them, or start another server',
        );
      }
    }
    return known;
  }

  #leave(client: number): AnswerFields {
    this.#clients.get(client)?.free();
    this.#clients.delete(client);
    return {};
  }
}
