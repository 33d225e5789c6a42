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

/** Whether an operation failed with one of these `errno` codes. */
export function isSystemError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}
