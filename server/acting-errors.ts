import { SpecError } from '../policies/config/error.ts';
import { EngineError } from '../policies/engine/types.ts';
import { ImageError } from '../policies/policy.ts';
import { InstructionError } from '../policies/text/tokenizer.ts';
import { PhysicsDivergedError, SimError } from '../sim/index.ts';
import type { ErrorCode } from './protocol/errors.ts';

/** The place in the protocol's table of what can be thrown where policies act; null for other errors. */
export function codeOfActing(error: Error): ErrorCode | null {
  if ([SimError, SpecError, InstructionError, ImageError].some((kind) => error instanceof kind)) {
    return 'invalid-request';
  }
  return error instanceof EngineError || error instanceof PhysicsDivergedError ? 'failed' : null;
}
