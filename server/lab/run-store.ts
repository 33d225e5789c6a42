import { randomBytes } from 'node:crypto';
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  acquireLock,
  DatasetError,
  ensureDirectory,
  type Lock,
  removeTemporaries,
  tryLock,
  writeFileAtomic,
} from '../../demos/store/index.ts';
import {
  CheckpointError,
  decodeCheckpoint,
  encodeCheckpoint,
  type TrainingCheckpoint,
} from '../../policies/checkpoint/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { type Metric, metricSchema, type Run, runSchema } from '../protocol/runs.ts';
import { RunFiles } from './run-files.ts';

export type { Lock };

const RUN_FILE = 'run.json';
const METRICS_FILE = 'metrics.jsonl';
export const CHECKPOINT_FILE = 'checkpoint.safetensors';
/** How long to wait for whoever holds a run: recovery does so for two writes. ms */
const PATIENCE = 1000;

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
    const runs: Run[] = [];
    for (const id of await this.#files.ids()) {
      try {
        runs.push(await this.read(id));
      } catch (error) {
        // One damaged run must not hide the others; asking for it by name says what is wrong.
        if (!(error instanceof ProtocolError)) throw error;
      }
    }
    return runs.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
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

  /** @throws ProtocolError 'not-found', 'damaged' */
  async read(id: string): Promise<Run> {
    const text = await this.#files.read(id, RUN_FILE);
    if (!text) throw new ProtocolError('damaged', `run ${id}: expected ${RUN_FILE}, got none`);
    let json: unknown;
    try {
      json = JSON.parse(text.toString('utf8'));
    } catch (cause) {
      throw new ProtocolError('damaged', `run ${id}: ${RUN_FILE} is no JSON`, { cause });
    }
    const { data, error } = runSchema.safeParse(json);
    if (!data) {
      const what = z.prettifyError(error);
      throw new ProtocolError(
        'damaged',
        `run ${id}: ${RUN_FILE} is damaged or of another version: ${what}`,
      );
    }
    if (data.id === id) return data;
    throw new ProtocolError(
      'damaged',
      `run ${id}: expected its own id in ${RUN_FILE}, got "${data.id}"; a copied run cannot be ` +
        'told from the first one: write its own id there',
    );
  }

  async write(run: Run): Promise<void> {
    await writeFileAtomic(join(this.#files.path(run.id), RUN_FILE), JSON.stringify(run, null, 2));
  }

  /**
   * Takes the right to train a run: for the queue it waits in, then for the process that trains it.
   *
   * @param shared name of a lock whose holder this process works for
   * @throws ProtocolError 'not-found'; 'conflict' where another has it
   */
  async hold(id: string, shared?: string): Promise<Lock> {
    await this.#files.find(id);
    try {
      return await acquireLock(this.#files.path(id), PATIENCE, shared);
    } catch (cause) {
      if (!(cause instanceof DatasetError)) throw cause;
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

  /** Metrics so far, without lines that a kill cut off or that are damaged otherwise. */
  async readMetrics(id: string): Promise<Metric[]> {
    const text = (await this.#files.read(id, METRICS_FILE))?.toString('utf8') ?? '';
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    return whole.split('\n').flatMap((line) => parseMetric(line) ?? []);
  }

  async appendMetric(id: string, metric: Metric): Promise<void> {
    await appendFile(join(this.#files.path(id), METRICS_FILE), `${JSON.stringify(metric)}\n`);
  }

  /** Drops metrics of steps after `step`, which a resumed run makes again. */
  async truncateMetrics(id: string, step: number): Promise<void> {
    const kept = (await this.readMetrics(id)).filter((metric) => metric.step <= step);
    const lines = kept.map((metric) => `${JSON.stringify(metric)}\n`).join('');
    await writeFileAtomic(join(this.#files.path(id), METRICS_FILE), lines);
  }

  async writeCheckpoint(id: string, checkpoint: TrainingCheckpoint): Promise<void> {
    const bytes = encodeCheckpoint(checkpoint);
    await writeFileAtomic(join(this.#files.path(id), CHECKPOINT_FILE), bytes);
  }

  /**
   * @returns null where the run has none yet
   * @throws ProtocolError 'not-found', 'damaged'
   */
  async readCheckpoint(id: string): Promise<TrainingCheckpoint | null> {
    const bytes = await this.#files.read(id, CHECKPOINT_FILE);
    if (!bytes) return null;
    try {
      return decodeCheckpoint(bytes);
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      throw new ProtocolError('damaged', `run ${id}: ${error.message}`, { cause: error });
    }
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
    await removeTemporaries(this.#files.path(id));
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

function isUnderWay({ status }: Run): boolean {
  return status === 'queued' || status === 'running';
}

/** @returns null for a line that is no metric */
function parseMetric(line: string): Metric | null {
  try {
    return metricSchema.parse(JSON.parse(line));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  }
}
