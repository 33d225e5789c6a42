import { DatasetError, type DatasetErrorCode } from '../../demos/store/index.ts';
import { ImageError } from '../../policies/policy.ts';
import { SpecError } from '../../policies/spec/index.ts';
import { InstructionError } from '../../policies/text/index.ts';
import { TrainingDivergedError } from '../../policies/training/trainer.ts';
import { PhysicsDivergedError, SimError } from '../../sim/index.ts';
import { type ErrorCode, type ErrorReport, ProtocolError } from '../protocol/errors.ts';

const DATASET_CODES: Readonly<Record<DatasetErrorCode, ErrorCode>> = {
  'invalid-name': 'invalid-request',
  'invalid-demonstration': 'invalid-request',
  'not-found': 'not-found',
  exists: 'exists',
  damaged: 'damaged',
  locked: 'busy',
  mismatch: 'conflict',
};

/** The place in the protocol's table of any error the program can throw. */
export function reportError(error: unknown): ErrorReport {
  if (error instanceof ProtocolError) return error.report;
  if (!(error instanceof Error)) return { code: 'internal', message: String(error) };
  return { code: codeOf(error), message: error.message };
}

function codeOf(error: Error): ErrorCode {
  if (error instanceof DatasetError) return DATASET_CODES[error.code];
  if ([SimError, SpecError, InstructionError, ImageError].some((kind) => error instanceof kind)) {
    return 'invalid-request';
  }
  if (error instanceof TrainingDivergedError || error instanceof PhysicsDivergedError) {
    return 'failed';
  }
  return 'internal';
}
