/** Everything that can be wrong with a file the program keeps, or with the right to write it. */
export const FILE_ERROR_CODES = [
  /** There is nothing of that name. */
  'missing',
  /** A link, pipe, device or directory where a regular file belongs, or a link for a directory. */
  'not-regular',
  /** Larger than anything this program writes there. */
  'too-large',
  /** Another process has the right to write. */
  'locked',
] as const;

export type FileErrorCode = (typeof FILE_ERROR_CODES)[number];

/** The message says what was expected, what was found, and the cure. */
export class FileError extends Error {
  override readonly name = 'FileError';
  readonly code: FileErrorCode;
  readonly path: string;

  constructor(code: FileErrorCode, path: string, message: string, options?: ErrorOptions) {
    super(`${path}: ${message}`, options);
    this.code = code;
    this.path = path;
  }
}

/** Whether an operation failed with one of these `errno` codes. */
export function isSystemError(error: unknown, ...codes: readonly string[]): boolean {
  return error instanceof Error && 'code' in error && codes.includes(String(error.code));
}

/** Whether an operation failed for a reason of the file system's, whichever. */
export function isFileSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error;
}
