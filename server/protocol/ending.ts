import { REPLAY_HASH } from '../../sim/replay-hash.ts';

/** How the attempt of a view ended. */
export interface Ending {
  /** Control steps until it was decided. */
  readonly steps: number;
  /** Fingerprint of the poses of all of them: who replays it ends in the same. */
  readonly hash: string;
  /** A person has had a part in it: it is no rollout of the policy. */
  readonly assisted: boolean;
}

/** Hexadecimal digits in a number: whole ones of so many bits are numbers of f32, too. */
const DIGITS = 4;

/** [steps, assisted, hash in four parts]. */
export function packEnding({ steps, hash, assisted }: Ending): Float32Array {
  const parts = Array.from({ length: 4 }, (_, i) =>
    Number.parseInt(hash.slice(i * DIGITS, (i + 1) * DIGITS), 16),
  );
  return Float32Array.from([steps, Number(assisted), ...parts]);
}

/** @returns null for numbers that `packEnding` did not pack */
export function unpackEnding(packed: Float32Array | null): Ending | null {
  if (packed?.length !== 6) return null;
  const [steps, assisted, ...parts] = packed;
  const hash = parts.map((part) => part.toString(16).padStart(DIGITS, '0')).join('');
  return REPLAY_HASH.test(hash) ? { steps, hash, assisted: assisted === 1 } : null;
}
