import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  acquireLock,
  ensureDirectory,
  FileError,
  LEASE,
  type Lock,
  removeTemporaries,
  tryLock,
  writeFileAtomic,
} from '../../demos/files/index.ts';
import {
  CheckpointError,
  checkpointBound,
  decodeCheckpoint,
  encodeCheckpoint,
  type ReadCheckpoint,
  sealedDigest,
  type TrainingCheckpoint,
} from '../../policies/checkpoint/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Metric, Run } from '../protocol/runs.ts';
import { encodeMetrics, type MetricsFile, MetricsLog, parseMetrics } from './metrics-file.ts';
import { RunFiles } from './run-files.ts';
import {
  damagedRun,
  decodeRun,
  encodeRun,
  MOST_RUN_BYTES,
  RUN_FILE,
  withWarning,
} from './run-record.ts';

export type { Lock };

export const METRICS_FILE = 'metrics.jsonl';
export const CHECKPOINT_FILE = 'checkpoint.safetensors';
/** What is believed of metrics, bytes: ten thousand lines, where a training writes four hundred. */
const MOST_METRICS_BYTES = 2 * 2 ** 20;
/** How long to wait for whoever holds a run: recovery does so for two writes. ms */
const PATIENCE = 1000;
/** How long it may take until it is known of a holder on another machine that it is lost, ms. */
export const LOST_WITHIN = LEASE + 15_000;

/** A run, or why it cannot be read. */
export type RunListing =
  | { readonly id: string; readonly run: Run; readonly error?: undefined }
  | { readonly id: string; readonly run?: undefined; readonly error: ProtocolError };

/**
 * Runs on disk: a directory each, every file whole or not there at all.
 *
 * A run that waits or is trained is held by a lock in its directory; what its status says counts
 * only while somebody holds it.
 */
export class RunStore {
  readonly root: string;
  readonly #files: RunFiles;

  constructor(root: string) {
    this.root = root;
    this.#files = new RunFiles(root);
  }

  /** All runs that can be read, newest first. */
  async list(): Promise<Run[]> {
    return (await this.listAll()).flatMap(({ run }) => run ?? []);
  }

  /** All runs, newest first, then those that cannot be read: they hide no other. */
  async listAll(): Promise<RunListing[]> {
    const sound: { id: string; run: Run }[] = [];
    const damaged: RunListing[] = [];
    for (const id of await this.#files.ids()) {
      try {
        sound.push({ id, run: await this.read(id) });
      } catch (error) {
        if (!(error instanceof ProtocolError)) throw error;
        damaged.push({ id, error });
      }
    }
    sound.sort((a, b) => (a.run.createdAt < b.run.createdAt ? 1 : -1));
    return [...sound, ...damaged];
  }

  /**
   * The directory of a run.
   *
   * @throws ProtocolError 'not-found'
   */
  async locate(id: string): Promise<string> {
    await this.#files.find(id);
    return this.#files.path(id);
  }

  /** Takes up a new run and gives it an id. */
  async create(run: Omit<Run, 'id' | 'createdAt'>): Promise<Run> {
    await ensureDirectory(this.root);
    const now = new Date();
    const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
    const id = `${run.policy}-${stamp}-${randomBytes(2).toString('hex')}`;
    const created: Run = { ...run, id, createdAt: now.toISOString() };
    await mkdir(this.#files.path(id));
    await this.write(created);
    return created;
  }

  /**
   * By id, what changes whenever a run's record does.
   *
   * @cost a look at a file, a run
   */
  async stamps(): Promise<ReadonlyMap<string, string>> {
    const stamps = new Map<string, string>();
    for (const id of await this.#files.ids()) {
      const stamp = await this.#files.stamp(id, RUN_FILE);
      if (stamp !== null) stamps.set(id, stamp);
    }
    return stamps;
  }

  /** Whether a run of that id was taken up. */
  async has(id: string): Promise<boolean> {
    if (!(await this.#files.ids()).includes(id)) return false;
    return (await this.#files.read(id, RUN_FILE, MOST_RUN_BYTES)) !== null;
  }

  /**
   * Takes up a run whose id says what it is, unless somebody has done so.
   *
   * @returns the one that is there
   * @throws ProtocolError 'damaged'; FileError 'locked' where somebody is about to for longer than a moment
   */
  async establish(id: string, run: Omit<Run, 'id' | 'createdAt'>): Promise<Run> {
    await ensureDirectory(join(this.root, id));
    if (!(await this.has(id))) {
      const lock = await acquireLock(this.#files.path(id), PATIENCE);
      try {
        if (!(await this.has(id))) {
          await this.write({ ...run, id, createdAt: new Date().toISOString() });
        }
      } finally {
        await lock.release();
      }
    }
    return this.read(id);
  }

  /** @throws ProtocolError 'not-found', 'damaged' */
  async read(id: string): Promise<Run> {
    const content = await this.#files.read(id, RUN_FILE, MOST_RUN_BYTES);
    if (!content) throw damagedRun(id, `expected ${RUN_FILE}, got none; restore it from a backup`);
    return decodeRun(id, content.toString('utf8'));
  }

  async write(run: Run): Promise<void> {
    await writeFileAtomic(join(this.#files.path(run.id), RUN_FILE), encodeRun(run));
  }

  /**
   * Takes the right to train a run: for the queue it waits in, then for the process that trains it.
   *
   * @param shared   name of a lock whose holder this process works for
   * @param patience how long to wait for whoever holds it, ms. @default a moment
   * @throws ProtocolError 'not-found'; 'conflict' where another has it; 'damaged' where its locks
   *         lead elsewhere
   */
  async hold(id: string, shared?: string, patience = PATIENCE): Promise<Lock> {
    await this.#files.find(id);
    try {
      const lock = await acquireLock(this.#files.path(id), patience, shared);
      return { ...lock, assertHeld: () => assertHeld(id, lock) };
    } catch (cause) {
      if (!(cause instanceof FileError)) throw cause;
      if (cause.code !== 'locked') throw damagedRun(id, cause.message, cause);
      const { status } = await this.read(id);
      throw new ProtocolError(
        'conflict',
        `run ${id}: expected one to go on with, it is ${status}; ${cause.message}`,
        { cause },
      );
    }
  }

  /**
   * Marks a run as failed before it could be trained.
   *
   * @param shared as in `hold`
   * @throws ProtocolError 'not-found'; 'conflict' where another holds it
   */
  async fail(id: string, error: string, shared?: string): Promise<void> {
    const lock = await this.hold(id, shared);
    try {
      await this.update(id, { status: 'failed', pid: null, error });
    } finally {
      await lock.release();
    }
  }

  /** Changes some fields; whoever holds the run does so. */
  async update(id: string, change: Partial<Run>): Promise<Run> {
    const run = { ...(await this.read(id)), ...change };
    await this.write(run);
    return run;
  }

  /**
   * Metrics so far. A last line that a kill cut off is not among them.
   *
   * @throws ProtocolError 'not-found'; 'damaged' where a line was changed, lost or moved
   */
  async readMetrics(id: string): Promise<readonly Metric[]> {
    // First what is committed, then the lines: meanwhile more of these may come, but not fewer.
    const run = await this.read(id);
    const { metrics, problem } = await this.#parseMetrics(run);
    if (problem === null) return metrics;
    throw damagedRun(
      id,
      `${METRICS_FILE}, ${problem}; restore it from a backup; the weights are unharmed, and ` +
        `training on keeps the ${metrics.length} sound lines before it`,
    );
  }

  /**
   * Opens the metrics of a run to go on with, for its holder. Those of steps after `step`, which a
   * resumed run makes again, are dropped. Of damaged ones the sound beginning is kept, and the run
   * says so among its warnings.
   */
  async openMetrics(id: string, step = Infinity): Promise<MetricsLog> {
    const run = await this.read(id);
    const { metrics, problem } = await this.#readableMetrics(run);
    const kept = metrics.filter((metric) => metric.step <= step);
    const { text, chain } = encodeMetrics(kept);
    const path = join(this.#files.path(id), METRICS_FILE);
    await writeFileAtomic(path, text);
    if (problem !== null) {
      const warning = `${METRICS_FILE} was damaged (${problem}): of its curve ${kept.length} points are left`;
      await this.update(id, { ...withWarning(run, warning), metricsChain: chain });
    }
    return MetricsLog.open(path, chain);
  }

  async #parseMetrics(run: Run): Promise<MetricsFile> {
    const content = await this.#files.read(run.id, METRICS_FILE, MOST_METRICS_BYTES);
    return parseMetrics(content?.toString('utf8') ?? '', run.metricsChain);
  }

  /** A link, a pipe or a huge file has no sound beginning. */
  async #readableMetrics(run: Run): Promise<MetricsFile> {
    try {
      return await this.#parseMetrics(run);
    } catch (error) {
      if (!(error instanceof ProtocolError) || error.code !== 'damaged') throw error;
      return { metrics: [], problem: error.message };
    }
  }

  /** @returns the digest that `run.json` is to name as `checkpointSha256` */
  async writeCheckpoint(id: string, checkpoint: TrainingCheckpoint): Promise<string> {
    const bytes = encodeCheckpoint(checkpoint);
    await writeFileAtomic(join(this.#files.path(id), CHECKPOINT_FILE), bytes);
    return sealedDigest(bytes);
  }

  /**
   * @returns null where the run has none yet
   * @throws ProtocolError 'not-found'; 'damaged' also where it is not the one `run.json` tells of
   */
  async readCheckpoint(id: string): Promise<ReadCheckpoint | null> {
    // First the record: a training replaces the checkpoint before it tells of it.
    const run = await this.read(id);
    const bytes = await this.#files.read(id, CHECKPOINT_FILE, mostCheckpointBytes(run));
    if (bytes) return checkCheckpointOf(run, bytes);
    if (run.step === 0 && run.checkpointSha256 === undefined) return null;
    throw damagedCheckpoint(run, `the one of step ${run.step}`, 'none');
  }

  /** `recoverRun` for all runs; one that cannot be recovered is left as it is, with a warning. */
  async recover(): Promise<Run[]> {
    const interrupted: Run[] = [];
    for (const { id } of await this.list()) {
      try {
        const run = await this.recoverRun(id);
        if (run) interrupted.push(run);
      } catch (error) {
        process.emitWarning(`run ${id} stays as it is: ${String(error)}`);
      }
    }
    return interrupted;
  }

  /**
   * Marks a run as interrupted that says it waits or is trained, though nobody holds it, and clears
   * what ended processes left half written.
   *
   * @returns the run where it was marked
   */
  async recoverRun(id: string): Promise<Run | null> {
    await removeTemporaries(this.root, id);
    if (!isUnderWay(await this.read(id))) return null;
    const lock = await tryLock(this.#files.path(id));
    if (!lock) return null;
    try {
      // It may have ended well before it was ours to look at.
      if (!isUnderWay(await this.read(id))) return null;
      return await this.update(id, { status: 'interrupted', pid: null });
    } finally {
      await lock.release();
    }
  }
}

/** @throws ProtocolError 'conflict' where another has taken the run */
async function assertHeld(id: string, lock: Lock): Promise<void> {
  try {
    await lock.assertHeld();
  } catch (cause) {
    if (!(cause instanceof FileError)) throw cause;
    throw new ProtocolError('conflict', `run ${id}: ${cause.message}`, { cause });
  }
}

function isUnderWay({ status }: Run): boolean {
  return status === 'queued' || status === 'running';
}

/**
 * What the checkpoint of a run holds at most, bytes.
 *
 * @throws ProtocolError 'damaged' where there is no such network
 */
export function mostCheckpointBytes({ id, spec }: Run): number {
  return ofCheckpoint(id, () => checkpointBound(spec));
}

/**
 * The checkpoint of a run, of which it is made sure that it is the one that the run tells of.
 *
 * @throws ProtocolError 'damaged'
 */
export function checkCheckpointOf(run: Run, bytes: Uint8Array): ReadCheckpoint {
  const checkpoint = ofCheckpoint(run.id, () => decodeCheckpoint(bytes));
  const { policy, training, state, digest } = checkpoint;
  const { steps: _, ...expected } = run.training;
  const { steps: __, ...got } = training;
  if (!isDeepStrictEqual(policy.spec, run.spec) || !isDeepStrictEqual(got, expected)) {
    throw damagedCheckpoint(run, 'one of the policy and training in run.json', "another run's");
  }
  if (state.step < run.step) {
    throw damagedCheckpoint(run, `the one of step ${run.step}`, `one of step ${state.step}`);
  }
  // One of a later step is what a kill between the two files leaves.
  const known = state.step > run.step ? undefined : run.checkpointSha256;
  if (known === undefined || digest === known) return checkpoint;
  throw damagedCheckpoint(run, `the one of sha-256 ${known}`, digest ?? 'one without a digest');
}

function ofCheckpoint<T>(id: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof CheckpointError)) throw cause;
    throw damagedRun(id, `${CHECKPOINT_FILE}: ${cause.message}`, cause);
  }
}

function damagedCheckpoint({ id }: Run, expected: string, got: string): ProtocolError {
  return damagedRun(
    id,
    `${CHECKPOINT_FILE}: expected ${expected}, got ${got}; restore it from a backup together with ` +
      `${RUN_FILE}, or start a new run`,
  );
}
