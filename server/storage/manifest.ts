/** `manifest.json` beside a checkpoint that ships: how it came to be, and the digest of its file. */
import { join } from 'node:path';
import { z } from 'zod';
import {
  describeBrokenSeal,
  FileError,
  openSealed,
  readRegular,
  sealJson,
} from '../../demos/files/index.ts';
import { explainIssues, methodNameSchema } from '../../policies/config/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { runSchema } from '../protocol/runs.ts';

const MANIFEST_FILE = 'manifest.json';
const MOST_MANIFEST_BYTES = 64 * 1024;
const CURE = 'install the program again';

const manifestSchema = z.strictObject({
  policy: methodNameSchema,
  command: z.string(),
  version: z.string(),
  seed: z.int(),
  dataset: runSchema.shape.dataset.omit({ name: true }),
  /** Whose weights it began with, where these were not random. */
  from: runSchema.shape.from,
  engine: z.string(),
  steps: z.int(),
  finalLoss: z.number().nullable(),
  /** Training alone, s. */
  seconds: z.number(),
  /** Of `policy.safetensors`. */
  checkpointSha256: z.string().regex(/^[0-9a-f]{64}$/),
});

export type Manifest = z.infer<typeof manifestSchema>;

/** As it is written: sealed by a digest of itself. */
export function encodeManifest(manifest: Manifest): string {
  return `${sealJson(manifest)}\n`;
}

/**
 * The manifest of a checkpoint that ships.
 *
 * @param root where they are, a folder each
 * @throws ProtocolError 'damaged' where it is missing, too
 */
export async function readManifest(root: string, name: string): Promise<Manifest> {
  const path = join(root, name, MANIFEST_FILE);
  const content = (await readFile(root, join(name, MANIFEST_FILE))).toString('utf8').trimEnd();
  const opened = openSealed(content);
  if (!opened) throw damaged(path, describeBrokenSeal(content));
  if (!opened.sealed) throw damaged(path, 'expected a manifest sealed by "sha256", got none');
  // What the seal vouches for was written by `encodeManifest`, if perhaps by another version's.
  const { data, error } = manifestSchema.safeParse(JSON.parse(opened.text));
  if (data) return data;
  throw damaged(path, `expected a manifest of this version: ${explainIssues(error)}`);
}

async function readFile(root: string, path: string): Promise<Buffer> {
  try {
    return await readRegular(root, path, MOST_MANIFEST_BYTES);
  } catch (cause) {
    if (!(cause instanceof FileError)) throw cause;
    throw new ProtocolError('damaged', `${cause.message}; ${CURE}`, { cause });
  }
}

function damaged(path: string, what: string): ProtocolError {
  return new ProtocolError('damaged', `${path}: ${what.slice(0, 1000)}; ${CURE}`);
}
