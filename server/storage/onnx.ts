import { basename, dirname } from 'node:path';
import { readRegular, sha256 } from '../../demos/files/index.ts';
import { inspectOnnx, type OnnxFacts, OnnxPolicyError } from '../../policies/onnx/index.ts';
import { ACTION_DIM, STATE_DIM, TASKS } from '../../sim/index.ts';
import { namedPath, unreadable } from './named-files.ts';
import type { Place } from './workspace.ts';

interface LoadedOnnx {
  readonly bytes: Uint8Array;
  readonly facts: OnnxFacts;
  readonly digest: string;
}

/** Largest file that is opened, bytes: what it unfolds to is as large, and there are several processes. */
const MOST_BYTES = 512 * 2 ** 20;

/**
 * A policy in an ONNX file, looked at but not opened.
 *
 * @param name as sources have it, "onnx:FILE"
 * @throws ProtocolError 'conflict' for one that nobody allowed; 'damaged' for what is none
 */
export async function loadOnnx(
  place: Pick<Place, 'checkpoints'>,
  name: string,
): Promise<LoadedOnnx> {
  const path = namedPath(place, name);
  try {
    const bytes = await readRegular(dirname(path), basename(path), MOST_BYTES);
    const facts = inspectOnnx(bytes);
    checkSizes(facts);
    return { bytes, facts, digest: sha256(bytes) };
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** @throws OnnxPolicyError unless it sees what its task shows, and answers with what the arm takes */
function checkSizes({ task: named, observationDim, actionDim }: OnnxFacts): void {
  const task = TASKS.find(({ name }) => name === named);
  // Of a task that this version does not know, more is said where it is described.
  const expected = task ? STATE_DIM + task.environmentNames.length : observationDim;
  if (observationDim === expected && actionDim === ACTION_DIM) return;
  throw new OnnxPolicyError(
    `expected observations of ${expected} numbers and actions of ${ACTION_DIM} in ${named}, got ` +
      `${observationDim} and ${actionDim}; export one that was trained here`,
  );
}
