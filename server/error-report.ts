import { accessSync, constants } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import { CaptionError } from '../demos/cats/index.ts';
import { FileError, type FileErrorCode, isSystemError } from '../demos/files/index.ts';
import { DatasetError, type DatasetErrorCode } from '../demos/store/index.ts';
import { PngError } from '../demos/store/png-reader.ts';
import { CheckpointError } from '../policies/checkpoint/safetensors.ts';
import { cutText, explainIssues } from '../policies/config/index.ts';
import { TrainingDivergedError } from '../policies/training/trainer.ts';
import { codeOfActing } from './acting-errors.ts';
import { type ErrorCode, type ErrorReport, ProtocolError } from './protocol/errors.ts';

const DATASET_CODES: Readonly<Record<DatasetErrorCode, ErrorCode>> = {
  'invalid-name': 'invalid-request',
  'invalid-demonstration': 'invalid-request',
  'not-found': 'not-found',
  exists: 'exists',
  damaged: 'damaged',
  locked: 'busy',
  mismatch: 'conflict',
};

const FILE_CODES: Readonly<Record<FileErrorCode, ErrorCode>> = {
  missing: 'not-found',
  'not-regular': 'damaged',
  'too-large': 'damaged',
  locked: 'busy',
};

/** What helps where the system refuses, by its error code. */
const SYSTEM_CURES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program listens there: choose another --port, or 0 for a free one',
  EADDRNOTAVAIL: 'this machine has no such address: choose another --host',
  EACCES: 'this user may not: choose another place or another port',
  EPERM: 'this user may not: choose another place',
  ENOSPC: 'make room on the disk; what was committed is safe',
  EDQUOT: "this user's share of the disk is used up: make room; what was committed is safe",
  EFBIG: 'the disk takes no file so large: choose another place',
  EROFS: 'nothing can be written there: choose another directory with --data',
  EIO: 'the disk cannot read or write this: check it, and restore from a backup',
  ENOENT: 'it or a directory above it is not there: check the path, and make the directory first',
  ENOTDIR: 'a file stands where the path needs a directory: choose another path',
  EISDIR: 'a directory stands where a file belongs: choose another path',
  EEXIST: 'it is there already: remove it, or choose another name',
  ENOTEMPTY: 'it holds something already: remove that, or choose another name',
  EINVAL: 'the system takes no such path or value there: choose another path',
  ENAMETOOLONG: 'the system takes no name so long: choose a shorter one',
  ELOOP: 'links there lead in a circle: choose another path',
  EMFILE: 'too many files are open: raise the limit (ulimit -n), or do fewer things at a time',
  ENFILE: 'too many files are open on this machine: end other programs',
};

/** Longest message of a report, characters: what was got may be of any length. */
const MAX_MESSAGE = 4000;

/** The place in the protocol's table of any error the program can throw. */
export function reportError(error: unknown): ErrorReport {
  const { code, message } = placeOf(error);
  return { code, message: cutText(message, MAX_MESSAGE) };
}

function placeOf(error: unknown): ErrorReport {
  if (error instanceof ProtocolError) return error.report;
  if (!(error instanceof Error)) return { code: 'internal', message: String(error) };
  // Names and numbers from a command line: the page's are checked where messages come in.
  if (error instanceof z.ZodError) {
    return { code: 'invalid-request', message: explainIssues(error) };
  }
  const refused = realRefusal(error);
  const refusal = Object.entries(SYSTEM_CURES).find(([code]) => isSystemError(refused, code));
  if (refusal) return { code: 'failed', message: `${refused.message}; ${refusal[1]}` };
  return { code: codeOf(error), message: error.message };
}

/**
 * Node says ENOENT of a directory that it could not make with those above it, where what exists
 * takes none, as on a disk that is mounted to be read only: the system is asked again.
 */
function realRefusal(error: Error): Error {
  if (!isSystemError(error, 'ENOENT') || !('syscall' in error) || !('path' in error)) return error;
  if (error.syscall !== 'mkdir' || typeof error.path !== 'string') return error;
  try {
    accessSync(dirname(error.path), constants.W_OK);
    return error;
  } catch (reason) {
    return reason instanceof Error ? reason : error;
  }
}

function codeOf(error: Error): ErrorCode {
  if (error instanceof DatasetError) return DATASET_CODES[error.code];
  if (error instanceof FileError) return FILE_CODES[error.code];
  if (error instanceof CaptionError) return 'invalid-request';
  if (error instanceof PngError) return 'damaged';
  if (error instanceof TrainingDivergedError) return 'diverged';
  if (error instanceof CheckpointError) return 'failed';
  return codeOfActing(error) ?? 'internal';
}
