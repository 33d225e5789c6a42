import { basename, dirname } from 'node:path';
import { readRegular, sha256, unlessMissing } from '../../demos/files/index.ts';
import {
  describeOnnx,
  inspectOnnx,
  type OnnxFacts,
  OnnxPolicy,
  OnnxPolicyError,
  parseManifest,
} from '../../policies/onnx/index.ts';
import type { Policy, PolicyDescription } from '../../policies/policy.ts';
import { ACTION_DIM, JOINT_COUNT, MAX_GRIPPER_OPENING, STATE_DIM, TASKS } from '../../sim/index.ts';
import { namedPath, unreadable } from './named-files.ts';
import type { Place } from './workspace.ts';

interface LoadedOnnx {
  readonly bytes: Uint8Array;
  readonly facts: OnnxFacts;
  /** Of the file and its manifest. */
  readonly digest: string;
}

/** Largest file that is opened, bytes: what it unfolds to is as large, and there are several processes. */
const MOST_BYTES = 512 * 2 ** 20;
const MOST_MANIFEST_BYTES = 256 * 1024;

const ARM = { joints: JOINT_COUNT, opening: MAX_GRIPPER_OPENING };

type Named = Pick<Place, 'checkpoints'>;

/**
 * What an ONNX file says of its policy; nothing of it is run.
 *
 * @param name as sources have it, "onnx:FILE"
 * @throws ProtocolError 'conflict' for one that nobody allowed, 'damaged' for what is none
 */
export async function describeFile(place: Named, name: string): Promise<PolicyDescription> {
  return describeOnnx((await load(place, name)).facts);
}

/** Its policy. @throws ProtocolError as `describeFile` */
export async function openFile(place: Named, name: string): Promise<Policy> {
  const { bytes, facts } = await load(place, name);
  return new OnnxPolicy(bytes, facts, ARM);
}

/** By which it is told from another. @throws ProtocolError as `describeFile` */
export async function digestOfFile(place: Named, name: string): Promise<string> {
  return (await load(place, name)).digest;
}

async function load(place: Named, name: string): Promise<LoadedOnnx> {
  const path = namedPath(place, name);
  try {
    const [directory, file] = [dirname(path), basename(path)];
    const bytes = await readRegular(directory, file, MOST_BYTES);
    // A file that says all itself has none.
    const beside = await unlessMissing(readRegular(directory, `${file}.json`, MOST_MANIFEST_BYTES));
    const manifest = beside && parseManifest(beside.toString('utf8'));
    const facts = inspectOnnx(bytes, manifest ?? undefined);
    checkSizes(facts);
    return { bytes, facts, digest: sha256(beside ? Buffer.concat([bytes, beside]) : bytes) };
  } catch (error) {
    throw unreadable(name, error);
  }
}

/** @throws OnnxPolicyError unless it sees what its task shows, and answers with what the arm takes */
function checkSizes(facts: OnnxFacts): void {
  const { observationDim, actionDim, task: named, abilities } = describeOnnx(facts);
  const task = TASKS.find(({ name }) => name === named);
  // Of a task that this version does not know, more is said where it is described.
  const shown = task ? STATE_DIM + task.environmentNames.length : observationDim;
  const expected = abilities.picture === null ? shown : STATE_DIM;
  if (observationDim === expected && actionDim === ACTION_DIM) return;
  throw new OnnxPolicyError(
    `expected observations of ${expected} numbers and actions of ${ACTION_DIM} in ${named}, got ` +
      `${observationDim} and ${actionDim}; see docs/onnx.md`,
  );
}
