import { LIMITS } from '../protocol/limits.ts';
import { type Connection, carrierOf, cutOff } from './cut-off.ts';
import { TokenBucket } from './token-bucket.ts';

/** First characters of socket.io's packets that answer something: 'ACK' and 'BINARY_ACK'. */
const ANSWERS = new Set(['3', '6']);

/** Answers that may be outstanding: a client that does not answer is sent no more. */
const MAX_DUE = 100;

/** As engine.io shows what came, before anything is made of it. */
interface Packet {
  readonly type: string;
  readonly data?: string | Uint8Array;
}

/**
 * Cuts a connection off that goes on sending more than it may, before what it sends is parsed. To be
 * told to wait costs the server as much as to be answered, so it cannot go on for ever.
 */
export class FloodGuard {
  readonly #connection: Connection;
  readonly #onFlood: () => void;
  readonly #bytes = new TokenBucket(LIMITS.byteBurst, LIMITS.bytesPerSecond);
  readonly #packets = new TokenBucket(LIMITS.packetBurst, LIMITS.packetsPerSecond);
  #due = 0;
  #over = false;

  /** @param onFlood called once, when the connection is cut off */
  constructor(connection: Connection, onFlood: () => void) {
    this.#connection = connection;
    this.#onFlood = onFlood;
    connection.on('packet', (packet: Packet) => {
      if (!this.#admits(packet)) this.#end();
    });
    this.#watchCarrier();
    connection.on('upgrade', () => this.#watchCarrier());
  }

  /** To be called for whatever is sent that the page shall acknowledge: that is no flood. */
  expectAnswer(): void {
    this.#due = Math.min(this.#due + 1, MAX_DUE);
  }

  /** Pings of the WebSocket itself are answered below engine.io, which shows none of them. */
  #watchCarrier(): void {
    const count = () => {
      if (!this.#packets.take()) this.#end();
    };
    carrierOf(this.#connection)?.on('ping', count);
    carrierOf(this.#connection)?.on('pong', count);
  }

  #admits({ type, data }: Packet): boolean {
    if (!this.#bytes.takeMany(data?.length ?? 0)) return false;
    const isAnswer = type === 'message' && typeof data === 'string' && ANSWERS.has(data.charAt(0));
    if (!isAnswer || this.#due === 0) return this.#packets.take();
    this.#due--;
    return true;
  }

  #end(): void {
    if (this.#over) return;
    this.#over = true;
    cutOff(this.#connection);
    this.#onFlood();
  }
}
