import { DatasetError, type DatasetErrorCode } from '../store/index.ts';

/** Why a dataset of another program is not taken in. */
export interface Refusal {
  readonly expected: string;
  readonly got: string;
  /** What its owner can do. */
  readonly cure: string;
}

/**
 * @param where file or feature it is about
 * @param code  'damaged' for what no dataset should be, 'mismatch' for one that does not fit here
 */
export function refusal(
  where: string,
  { expected, got, cure }: Refusal,
  code: DatasetErrorCode = 'damaged',
  cause?: unknown,
): DatasetError {
  const message = `${where}: expected ${expected}, got ${got}; ${cure}`;
  return new DatasetError(code, message, cause === undefined ? undefined : { cause });
}

/** Text of another program, short enough to be said. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
