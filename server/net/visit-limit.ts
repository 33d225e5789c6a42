import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import rateLimit, { ipKeyGenerator, MemoryStore } from 'express-rate-limit';
import type { ErrorReport } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';

const REFUSAL: ErrorReport = {
  code: 'busy',
  message: `expected at most ${LIMITS.visitsPerMinute} requests a minute; wait a moment`,
};

/**
 * How often one address may ask before anything is looked at, its token included: over HTTP and for
 * new sockets together.
 */
export class VisitLimit {
  readonly #store = new MemoryStore();
  /** For HTTP. */
  readonly middleware: RequestHandler = rateLimit({
    windowMs: 60_000,
    limit: LIMITS.visitsPerMinute,
    legacyHeaders: false,
    message: REFUSAL,
    store: this.#store,
  });

  /** For new sockets, which no middleware sees. */
  async admits({ socket }: IncomingMessage): Promise<boolean> {
    const { totalHits } = await this.#store.increment(ipKeyGenerator(socket.remoteAddress ?? ''));
    return totalHits <= LIMITS.visitsPerMinute;
  }
}
