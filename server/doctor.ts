import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, statfs } from 'node:fs/promises';
import { cpus, freemem, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import tf from '#tensorflow';
import {
  ENGINE_NAMES,
  type EngineName,
  SHIPPED_NAMES,
  type ShippedName,
} from '../policies/config/index.ts';
import { createEngine } from '../policies/engine/index.ts';
import { loadPhysics } from '../sim/index.ts';
import { reportError } from './error-report.ts';
import { loadPolicy } from './storage/open-policy.ts';
import { PACKAGE_ROOT } from './storage/package-root.ts';
import { openWorkspace } from './storage/workspace.ts';

/** What was looked at, what was found, and whether the program can do without it. */
export interface Finding {
  readonly what: string;
  readonly found: string;
  readonly verdict: 'ok' | 'optional' | 'missing';
  /** Where something is missing. */
  readonly cure?: string;
}

/** Space a dataset and a few runs take, bytes. */
const ROOM = 500e6;

/** Looks at everything the program stands on; what can be tried is tried. */
export async function examine(data: string, leastNode: string): Promise<Finding[]> {
  return [
    node(leastNode),
    machine(),
    ...(await Promise.all(ENGINE_NAMES.map(tryEngine))),
    await physics(),
    await page(),
    ...(await Promise.all(SHIPPED_NAMES.map(shipped))),
    await directory(data),
  ];
}

function node(least: string): Finding {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const [leastMajor, leastMinor] = least.split('.').map(Number);
  const enough = major > leastMajor || (major === leastMajor && minor >= leastMinor);
  return {
    what: 'Node.js',
    found: process.versions.node,
    ...(enough ? { verdict: 'ok' } : { verdict: 'missing', cure: `install ${least} or newer` }),
  };
}

function machine(): Finding {
  const gib = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
  const cores = cpus();
  return {
    what: 'machine',
    found:
      `${cores.length} × ${cores[0]?.model ?? 'unknown'}, ${process.platform} ${process.arch}, ` +
      `${gib(freemem())} of ${gib(totalmem())} GiB free`,
    verdict: 'ok',
  };
}

/** Squares two numbers on an engine. */
async function tryEngine(name: EngineName): Promise<Finding> {
  const what = `engine ${name}${name === ENGINE_NAMES[0] ? ' (used by default)' : ''}`;
  try {
    const engine = await createEngine(name);
    const program = await engine.compile(
      ({ x }) => ({ y: tf.square(x) }),
      [{ name: 'x', shape: [2] }],
    );
    const { y } = await program.run({ x: Float32Array.of(3, 4) });
    await program.dispose();
    if (y[0] !== 9 || y[1] !== 16) throw new Error(`expected 9 and 16, got ${y.join(' and ')}`);
    return { what, found: `${engine.name}, ${engine.threads} thread(s)`, verdict: 'ok' };
  } catch (error) {
    const verdict = name === ENGINE_NAMES[0] ? 'missing' : 'optional';
    return { what, found: 'not here', verdict, cure: reportError(error).message };
  }
}

async function physics(): Promise<Finding> {
  try {
    const rapier = await loadPhysics();
    return { what: 'physics', found: `Rapier ${rapier.version()}`, verdict: 'ok' };
  } catch (error) {
    return {
      what: 'physics',
      found: 'not here',
      verdict: 'missing',
      cure: reportError(error).message,
    };
  }
}

async function page(): Promise<Finding> {
  const path = join(PACKAGE_ROOT, 'dist', 'client', 'index.html');
  try {
    await readFile(path);
    return { what: 'page', found: dirname(path), verdict: 'ok' };
  } catch {
    return { what: 'page', found: 'not built', verdict: 'missing', cure: 'npm run build' };
  }
}

async function shipped(name: ShippedName): Promise<Finding> {
  const what = `checkpoint ${name}`;
  try {
    const workspace = openWorkspace({ data: '.', engine: 'compiled' });
    const { weights, spec } = await loadPolicy(workspace, { kind: 'shipped', name });
    const found = `${weights.length} parameters, task ${spec.task}, ${spec.controlHz} Hz`;
    return { what, found, verdict: 'ok' };
  } catch (error) {
    return { what, found: 'cannot be read', verdict: 'missing', cure: reportError(error).message };
  }
}

/** A data directory that is not there yet will be made: then its parent is what matters. */
async function directory(data: string): Promise<Finding> {
  const what = 'data directory';
  let existing = data;
  while (!existsSync(existing)) existing = dirname(existing);
  try {
    await rm(await mkdtemp(join(existing, '.forking-paths-')), { recursive: true });
    const { bavail, bsize } = await statfs(existing);
    const free = bavail * bsize;
    const found = `${data}, ${(free / 1e9).toFixed(1)} GB free`;
    return free > ROOM
      ? { what, found, verdict: 'ok' }
      : { what, found, verdict: 'missing', cure: 'make room: 0.5 GB lasts for a while' };
  } catch (error) {
    return { what, found: data, verdict: 'missing', cure: reportError(error).message };
  }
}
