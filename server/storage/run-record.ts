/** `run.json`: readable, sealed by a digest of itself, and bounded. */
import { describeBrokenSeal, openSealed, sealJson } from '../../demos/files/index.ts';
import { explainIssues } from '../../policies/config/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { RUN_WARNINGS, type Run, runSchema } from '../protocol/runs.ts';

export const RUN_FILE = 'run.json';
/** What is believed of one, bytes: the longest vocabulary fits, and all else is short. */
export const MOST_RUN_BYTES = 256 * 1024;
/** Longest error kept, characters. */
const MOST_ERROR = 4000;

/** An error longer than can be kept is cut. */
export function encodeRun(run: Run): string {
  return sealJson({ ...run, error: run.error?.slice(0, MOST_ERROR) ?? null });
}

/** The run with one more thing to know of it; beyond what is kept, the oldest go. */
export function withWarning({ warnings }: Run, warning: string): Pick<Run, 'warnings'> {
  const { most, length } = RUN_WARNINGS;
  return { warnings: [...warnings.slice(1 - most), warning.slice(0, length)] };
}

/** @throws ProtocolError 'damaged' */
export function decodeRun(id: string, content: string): Run {
  const opened = openSealed(content);
  if (!opened) {
    throw damagedRun(
      id,
      `${RUN_FILE}: ${describeBrokenSeal(content)}; restore it from a backup, or, if you changed it ` +
        'yourself, take out its last key, "sha256", and the comma before it',
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(opened.text);
  } catch (cause) {
    throw damagedRun(id, `${RUN_FILE} is no JSON; restore it from a backup`, cause);
  }
  const { data, error } = runSchema.safeParse(json);
  if (!data) {
    const what = explainIssues(error);
    throw damagedRun(id, `${RUN_FILE} is damaged or of another version: ${what}`);
  }
  if (data.id === id) return data;
  throw damagedRun(
    id,
    `expected its own id in ${RUN_FILE}, got "${data.id}"; a copied run cannot be told from the ` +
      'first one: write its own id there, and take out the last key, "sha256", with the comma ' +
      'before it, which vouches for what was there before',
  );
}

/** @param what "expected …, got …; cure" */
export function damagedRun(id: string, what: string, cause?: unknown): ProtocolError {
  return new ProtocolError('damaged', `run ${id}: ${what}`, { cause });
}
