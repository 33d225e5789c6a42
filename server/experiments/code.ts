import { readFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { isMissing, sha256 } from '../../demos/files/index.ts';
import { PHYSICS } from '../../sim/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { PACKAGE_ROOT } from '../storage/package-root.ts';
import { canonicalJson } from './canonical.ts';

/** What computes results: another one may give other bits. */
export interface ProgramIdentity {
  readonly code: {
    /** As package.json says. */
    readonly version: string;
    /** Sha-256 of the compiled files that part of the program is, and of the versions of all packages. */
    readonly digest: string;
  };
  /** The package of the physics engine, and its version. */
  readonly physics: { readonly package: string; readonly version: string };
}

/** Where parts of the program begin, compiled: what each reaches by imports decides its results. */
const ENTRIES = {
  rollouts: 'experiments/run-shard.js',
  training: 'training/train.js',
  demonstrations: 'datasets/generate.js',
  stages: 'jobs/work.js',
} as const;

export type ProgramPart = keyof typeof ENTRIES;

/** Files of ours that a compiled file imports, at once or when it needs them. */
const IMPORTS = /(?:\bfrom|\bimport)\s*\(?\s*'(\.[^']+\.js)'/g;

const known = new Map<ProgramPart, Promise<ProgramIdentity>>();

/**
 * Which program this is, in what it computes of that kind.
 *
 * @throws ProtocolError 'internal' where it was not compiled
 * @cost 0.1 s, once a process
 */
export function identifyProgram(part: ProgramPart): Promise<ProgramIdentity> {
  const identity = known.get(part) ?? identify(part);
  known.set(part, identity);
  return identity;
}

async function identify(part: ProgramPart): Promise<ProgramIdentity> {
  const manifest: { version: string; dependencies: Readonly<Record<string, string>> } = JSON.parse(
    await readFile(join(PACKAGE_ROOT, 'package.json'), 'utf8'),
  );
  const { version, dependencies } = manifest;
  const files = await filesFrom(join(PACKAGE_ROOT, 'dist', 'server', ENTRIES[part]));
  const digest = sha256(canonicalJson({ files, dependencies }));
  return { code: { version, digest }, physics: PHYSICS };
}

/** The digests of a file and all it reaches, by their paths. */
async function filesFrom(entry: string): Promise<Readonly<Record<string, string>>> {
  const digests: Record<string, string> = {};
  const reached = new Set([entry]);
  for (const path of reached) {
    const text = await readCompiled(path);
    digests[relative(PACKAGE_ROOT, path).split(sep).join('/')] = sha256(text);
    for (const [, specifier] of text.matchAll(IMPORTS)) {
      reached.add(join(dirname(path), specifier));
    }
  }
  return digests;
}

async function readCompiled(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (!isMissing(cause)) throw cause;
    const message = `expected ${path}, got none; run "npm run build" first`;
    throw new ProtocolError('internal', message, { cause });
  }
}

/**
 * @param what was made by that program
 * @throws ProtocolError 'conflict' where this is another
 */
export async function checkProgram(
  expected: ProgramIdentity,
  what: string,
  part: ProgramPart = 'rollouts',
): Promise<void> {
  const got = await identifyProgram(part);
  const difference = describeDifference(expected, got);
  if (difference === null) return;
  throw new ProtocolError(
    'conflict',
    `${what}: ${difference}; run it with the version it was planned with, or plan it again with ` +
      'this one',
  );
}

/** In what two programs differ: "expected …, got …"; null where they do not. */
export function describeDifference(expected: ProgramIdentity, got: ProgramIdentity): string | null {
  const physics = (of: ProgramIdentity) => `${of.physics.package} ${of.physics.version}`;
  if (physics(expected) !== physics(got)) {
    return `expected the physics of ${physics(expected)}, got ${physics(got)}`;
  }
  if (expected.code.digest === got.code.digest) return null;
  const code = ({ code: { version, digest } }: ProgramIdentity) =>
    `${version} (${digest.slice(0, 12)})`;
  return `expected the code of version ${code(expected)}, got ${code(got)}`;
}
