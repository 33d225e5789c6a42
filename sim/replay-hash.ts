const words = new Uint32Array(1);
const floats = new Float32Array(words.buffer);

/** How a fingerprint is written. */
export const REPLAY_HASH = /^[0-9a-f]{16}$/;

/**
 * A 64-bit fingerprint of a sequence of f32 numbers, bit by bit: two multiply–xor streams with
 * different odd multipliers. It tells different episodes apart; it is no protection against forgery.
 */
export class ReplayHash {
  #high: number;
  #low: number;

  constructor(state: readonly [number, number] = [0x9e3779b9, 0x85ebca6b]) {
    [this.#high, this.#low] = state;
  }

  /** Takes in the f32 bits of `value`; −0 and 0 differ. */
  add(value: number): void {
    floats[0] = value;
    const word = words[0];
    this.#high = Math.imul(this.#high ^ word, 0x9e3779b1);
    this.#high ^= this.#high >>> 15;
    this.#low = Math.imul(this.#low ^ word, 0x5f356495);
    this.#low ^= this.#low >>> 13;
  }

  /** What the constructor takes to go on from here. */
  get state(): readonly [number, number] {
    return [this.#high, this.#low];
  }

  /** 16 hexadecimal digits. */
  get digest(): string {
    const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0');
    return hex(this.#high) + hex(this.#low);
  }
}
