/** What policies have in common that are told numbers alone and were made into files elsewhere. */
import { type Abilities, ImageError, type Told } from './policy.ts';
import { InstructionError } from './text/tokenizer.ts';

/** What such a policy can be asked for. @param noise its chunks depend on noise */
export function abilitiesOf(noise: boolean): Abilities {
  return { noise, instructions: false, picture: null, guidance: false, inpainting: false };
}

/** @throws InstructionError, ImageError for what such a policy cannot be told */
export function refuseTold({ instructions = [], images }: Told): void {
  const spoken = instructions.find((instruction) => instruction !== '');
  if (spoken !== undefined) refuseReading(spoken);
  if (images) throw new ImageError('expected no pictures for a policy without a camera, got some');
}

/** @throws InstructionError */
export function refuseReading(instruction: string): never {
  throw new InstructionError(
    `instruction: this policy reads none, got "${instruction.slice(0, 80)}"; leave it out`,
  );
}

/**
 * Rows with numbers that no arm can follow: weights that are finite may give them.
 *
 * @param chunk [B, Tp, Da]
 */
export function notFinite(chunk: Float32Array, batch: number): Map<number, string> {
  const size = chunk.length / batch;
  const failures = new Map<number, string>();
  for (let row = 0; row < batch; row++) {
    const rows = chunk.subarray(row * size, (row + 1) * size);
    const bad = rows.find((value) => !Number.isFinite(value));
    if (bad !== undefined) failures.set(row, `actions: expected finite numbers, got ${bad}`);
  }
  return failures;
}
