import { mersenne } from 'pure-rand/generator/mersenne';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';

/**
 * Random numbers of the physical world: of starts and of who demonstrates. A seed of 32 bits goes to
 * the Mersenne Twister as it is. That takes no larger ones, so these are hashed into the state of a
 * xoroshiro128+, whose first half is a bijection of the seed: no two seeds share a state.
 *
 * @param seed   whole number between ±2^53
 * @param stream 32 bits: tells apart what is drawn from one seed
 * @see Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators"
 */
export function randomOf(seed: number, stream = 0): RandomGenerator {
  if (seed === (seed | 0)) return mersenne(seed ^ stream);
  const low = mix(seed ^ 0x9e3779b9);
  const high = mix(Math.floor(seed / 2 ** 32) ^ mix(low));
  const other = mix(high ^ mix(stream ^ 0x6d2b79f5));
  return xoroshiro128plusFromState([low, high, other, mix(other ^ low)]);
}

/** Murmur3's finaliser, a bijection of 32 bits: each bit of the input changes half of the output's. */
function mix(word: number): number {
  let h = word | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
