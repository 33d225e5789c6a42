import type { IncomingMessage } from 'node:http';
import type { ErrorReport } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { ClientAddresses } from './client-address.ts';
import type { Gatekeeper, Purpose, Refusal } from './gatekeeper.ts';
import { VisitLimit } from './visit-limit.ts';

const TOO_OFTEN: Refusal = {
  status: 429,
  message: `expected at most ${LIMITS.visitsPerMinute} requests a minute; wait a moment`,
};
const TOO_MANY_GUESSES: Refusal = {
  status: 429,
  message: `token: expected at most ${LIMITS.guessesPerMinute} wrong ones a minute; wait a moment`,
};
const TOO_MANY_FLOODS: Refusal = {
  status: 429,
  message: 'expected connections that send no more than they may; wait a minute',
};

/**
 * Who may talk to the server, and how often: over HTTP and for new sockets together.
 *
 * What a page of another site can bring about is refused uncounted, or counted where it is missed by
 * nobody: it comes from the same address as the person's own page and must not use up its limit.
 */
export class Admission {
  readonly #gatekeeper: Gatekeeper;
  readonly #addresses: ClientAddresses;
  readonly #visits = new VisitLimit(LIMITS.visitsPerMinute);
  /** Wrong tokens: a link of another page can bring them in the address, but not in a cookie. */
  readonly #guesses = {
    address: new VisitLimit(LIMITS.guessesPerMinute),
    cookie: new VisitLimit(LIMITS.guessesPerMinute),
  };
  readonly #floods = new VisitLimit(LIMITS.floodsPerMinute);

  constructor(gatekeeper: Gatekeeper, addresses: ClientAddresses) {
    this.#gatekeeper = gatekeeper;
    this.#addresses = addresses;
  }

  /** @returns why a request is not let in; null where it is */
  check(request: IncomingMessage, purpose: Purpose): Refusal | null {
    const foreign = this.#gatekeeper.checkPlace(request, purpose);
    if (foreign) return foreign;
    const address = this.#addresses.of(request);
    const presented = this.#gatekeeper.presented(request);
    const guesses = presented && this.#guesses[presented.by];
    // The right token as well, or guessing would still reveal it.
    if (guesses?.isSpent(address)) return TOO_MANY_GUESSES;
    const untrusted = this.#gatekeeper.checkToken(presented);
    if (untrusted) {
      guesses?.take(address);
      return untrusted;
    }
    if (purpose === 'socket' && this.#floods.isSpent(address)) return TOO_MANY_FLOODS;
    return this.#visits.take(address) ? null : TOO_OFTEN;
  }

  /** A socket that a request began had to be cut off: who goes on so gets no other for a while. */
  blame(request: IncomingMessage): void {
    this.#floods.take(this.#addresses.of(request));
  }
}

/** A refusal as it is sent to a client. */
export function reportRefusal({ status, message }: Refusal): ErrorReport {
  return { code: status === 429 ? 'busy' : 'unauthorized', message };
}
