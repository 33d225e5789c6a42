/**
 * The arithmetic of LZMA: bits whose probabilities are learnt as they pass, in a range that is
 * narrowed bit by bit.
 *
 * @see Martin 1979, "Range encoding"; the LZMA specification by Pavlov, public domain
 */

const PROBABILITY_BITS = 11;
const HALF = 1 << (PROBABILITY_BITS - 1);
/** How slowly a probability follows the bits, as a power of 2. */
const SLOWNESS = 5;
const TOP = 2 ** 24;

/** Probabilities of 0, one a context. */
export function probabilities(count: number): Uint16Array {
  return new Uint16Array(count).fill(HALF);
}

export class RangeDecoder {
  readonly #bytes: Uint8Array;
  #at = 0;
  #range = 0xffff_ffff;
  #code = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    for (let i = 0; i < 5; i++) this.#code = ((this.#code << 8) | this.#next()) >>> 0;
  }

  bit(of: Uint16Array, context: number): number {
    const probability = of[context];
    const bound = (this.#range >>> PROBABILITY_BITS) * probability;
    let bit: number;
    if (this.#code < bound) {
      this.#range = bound;
      of[context] = probability + (((1 << PROBABILITY_BITS) - probability) >> SLOWNESS);
      bit = 0;
    } else {
      this.#range -= bound;
      this.#code -= bound;
      of[context] = probability - (probability >> SLOWNESS);
      bit = 1;
    }
    this.#normalize();
    return bit;
  }

  /** Bits that are as likely 0 as 1. */
  plain(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i++) {
      this.#range >>>= 1;
      const bit = this.#code >= this.#range ? 1 : 0;
      if (bit) this.#code -= this.#range;
      value = value * 2 + bit;
      this.#normalize();
    }
    return value;
  }

  #normalize(): void {
    if (this.#range >= TOP) return;
    this.#range = (this.#range * 256) >>> 0;
    this.#code = ((this.#code << 8) | this.#next()) >>> 0;
  }

  /** @throws RangeError behind the end: what is decoded has been cut off */
  #next(): number {
    if (this.#at < this.#bytes.length) return this.#bytes[this.#at++];
    throw new RangeError(`expected more than ${this.#bytes.length} bytes of a packed file`);
  }
}

export class RangeEncoder {
  readonly #bytes: number[] = [];
  #low = 0;
  #range = 0xffff_ffff;
  /** The last byte, and how many of 255 behind it, that a carry may still change. */
  #held = 0;
  #pending = 1;

  bit(of: Uint16Array, context: number, bit: number): void {
    const probability = of[context];
    const bound = (this.#range >>> PROBABILITY_BITS) * probability;
    if (bit === 0) {
      this.#range = bound;
      of[context] = probability + (((1 << PROBABILITY_BITS) - probability) >> SLOWNESS);
    } else {
      this.#low += bound;
      this.#range -= bound;
      of[context] = probability - (probability >> SLOWNESS);
    }
    this.#normalize();
  }

  plain(value: number, count: number): void {
    for (let i = count - 1; i >= 0; i--) {
      this.#range >>>= 1;
      if (Math.floor(value / 2 ** i) % 2 === 1) this.#low += this.#range;
      this.#normalize();
    }
  }

  finish(): Uint8Array<ArrayBuffer> {
    for (let i = 0; i < 5; i++) this.#shift();
    return Uint8Array.from(this.#bytes);
  }

  #normalize(): void {
    if (this.#range >= TOP) return;
    this.#range = (this.#range * 256) >>> 0;
    this.#shift();
  }

  #shift(): void {
    const carry = this.#low >= 2 ** 32 ? 1 : 0;
    if (this.#low < 0xff00_0000 || carry === 1) {
      let byte = this.#held;
      do {
        this.#bytes.push((byte + carry) & 0xff);
        byte = 0xff;
      } while (--this.#pending > 0);
      this.#held = Math.floor(this.#low / TOP) & 0xff;
    }
    this.#pending++;
    this.#low = (this.#low % TOP) * 256;
  }
}
