import { FileError } from '../files/index.ts';

/** Everything that can be wrong with a dataset, or with what was asked of it. */
export const DATASET_ERROR_CODES = [
  /** A name no dataset can have, or one that leads out of the store. */
  'invalid-name',
  /** A demonstration that must not be stored: wrong lengths, numbers that are not finite, … */
  'invalid-demonstration',
  /** No such dataset, episode or trash entry. */
  'not-found',
  /** The name is taken. */
  'exists',
  /** What is on disk is not what was written there. */
  'damaged',
  /** Another process is writing. */
  'locked',
  /** Sound, but of another format, task or control rate than this dataset or program. */
  'mismatch',
] as const;

export type DatasetErrorCode = (typeof DATASET_ERROR_CODES)[number];

/** The message says what was expected, what was found, and the cure. */
export class DatasetError extends Error {
  override readonly name = 'DatasetError';
  readonly code: DatasetErrorCode;

  constructor(code: DatasetErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A file whose bytes are not what was committed. */
export function damaged(path: string, expected: string, got: string, cause?: unknown) {
  return new DatasetError(
    'damaged',
    `${path}: expected ${expected}, got ${got}; restore the file from a backup, or move the ` +
      'dataset to the trash and record it again',
    cause === undefined ? undefined : { cause },
  );
}

/**
 * What an error of the files means for the dataset they belong to; any other error is itself.
 *
 * @returns DatasetError 'locked'; 'not-found' where the directory is gone; 'damaged' for the rest
 */
export function ofDataset(directory: string, error: unknown): unknown {
  if (!(error instanceof FileError)) return error;
  if (error.code === 'locked') {
    return new DatasetError('locked', error.message, { cause: error });
  }
  if (error.code === 'missing' && error.path.startsWith(directory)) {
    return new DatasetError(
      'not-found',
      `${directory}: expected a dataset, got nothing; if it was moved to the trash, restore it`,
      { cause: error },
    );
  }
  return new DatasetError('damaged', error.message, { cause: error });
}
