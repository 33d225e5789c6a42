import { SpecError } from '../policies/config/error.ts';
import { EngineError } from '../policies/engine/types.ts';
import { ImageError } from '../policies/policy.ts';
import { TextEncoderError } from '../policies/text/encoder.ts';
import { InstructionError } from '../policies/text/tokenizer.ts';
import { PhysicsDivergedError, SimError } from '../sim/index.ts';
import type { ErrorCode } from './protocol/errors.ts';

const WRONG_INPUT = [SimError, SpecError, InstructionError, TextEncoderError, ImageError] as const;

/** The place in the protocol's table of what can be thrown where policies act; null for other errors. */
export function codeOfActing(error: Error): ErrorCode | null {
  if (WRONG_INPUT.some((kind) => error instanceof kind)) {
    return 'invalid-request';
  }
  if (error instanceof PhysicsDivergedError) return 'diverged';
  return error instanceof EngineError ? 'failed' : null;
}
