import { randomBytes } from 'node:crypto';
import { appendFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import {
  ensureDirectory,
  isSystemError,
  removeTemporaries,
  writeFileAtomic,
} from '../../demos/store/index.ts';
import {
  CheckpointError,
  decodeCheckpoint,
  encodeCheckpoint,
  type TrainingCheckpoint,
} from '../../policies/checkpoint/index.ts';
import { nameSchema } from '../../policies/spec/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { type Metric, metricSchema, type Run, runSchema } from '../protocol/runs.ts';

const RUN_FILE = 'run.json';
const METRICS_FILE = 'metrics.jsonl';
const CHECKPOINT_FILE = 'checkpoint.safetensors';

/** Runs on disk: a directory each, every file whole or not there at all. */
export class RunStore {
  readonly root: string;

  constructor(root: string) {
    this.root = root;
  }

  /** All runs that can be read, newest first. */
  async list(): Promise<Run[]> {
    const runs: Run[] = [];
    for (const id of await this.#ids()) {
      try {
        runs.push(await this.read(id));
      } catch (error) {
        // One damaged run must not hide the others; asking for it by name says what is wrong.
        if (!(error instanceof ProtocolError)) throw error;
      }
    }
    return runs.sort((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
  }

  /** Takes up a new run and gives it an id. */
  async create(run: Omit<Run, 'id' | 'createdAt'>): Promise<Run> {
    await ensureDirectory(this.root);
    const now = new Date();
    const stamp = now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
    const id = `${run.policy}-${stamp}-${randomBytes(2).toString('hex')}`;
    const created: Run = { ...run, id, createdAt: now.toISOString() };
    await mkdir(this.#path(id));
    await this.write(created);
    return created;
  }

  /** @throws ProtocolError 'not-found', 'damaged' */
  async read(id: string): Promise<Run> {
    const text = await this.#file(id, RUN_FILE);
    let json: unknown;
    try {
      json = JSON.parse(text.toString('utf8'));
    } catch (cause) {
      throw new ProtocolError('damaged', `run ${id}: ${RUN_FILE} is no JSON`, { cause });
    }
    const parsed = runSchema.safeParse(json);
    if (parsed.success) return parsed.data;
    throw new ProtocolError(
      'damaged',
      `run ${id}: ${RUN_FILE} is damaged or of another version: ${z.prettifyError(parsed.error)}`,
    );
  }

  async write(run: Run): Promise<void> {
    await writeFileAtomic(join(this.#path(run.id), RUN_FILE), JSON.stringify(run, null, 2));
  }

  /** Changes some fields; one process writes a run at a time. */
  async update(id: string, change: Partial<Run>): Promise<Run> {
    const run = { ...(await this.read(id)), ...change };
    await this.write(run);
    return run;
  }

  /** Metrics so far; a last line that was cut off by a kill is left out. */
  async readMetrics(id: string): Promise<Metric[]> {
    await this.#find(id);
    let text: string;
    try {
      text = await readFile(join(this.#path(id), METRICS_FILE), 'utf8');
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return [];
      throw error;
    }
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    return whole
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => metricSchema.parse(JSON.parse(line)));
  }

  async appendMetric(id: string, metric: Metric): Promise<void> {
    await appendFile(join(this.#path(id), METRICS_FILE), `${JSON.stringify(metric)}\n`);
  }

  /** Drops metrics of steps after `step`, which a resumed run makes again. */
  async truncateMetrics(id: string, step: number): Promise<void> {
    const kept = (await this.readMetrics(id)).filter((metric) => metric.step <= step);
    const lines = kept.map((metric) => `${JSON.stringify(metric)}\n`).join('');
    await writeFileAtomic(join(this.#path(id), METRICS_FILE), lines);
  }

  async writeCheckpoint(id: string, checkpoint: TrainingCheckpoint): Promise<void> {
    const bytes = encodeCheckpoint(checkpoint);
    await writeFileAtomic(join(this.#path(id), CHECKPOINT_FILE), bytes);
  }

  /**
   * @returns null where the run has none yet
   * @throws ProtocolError 'not-found', 'damaged'
   */
  async readCheckpoint(id: string): Promise<TrainingCheckpoint | null> {
    await this.#find(id);
    let bytes: Buffer;
    try {
      bytes = await readFile(join(this.#path(id), CHECKPOINT_FILE));
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return null;
      throw error;
    }
    try {
      return decodeCheckpoint(bytes);
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      throw new ProtocolError('damaged', `run ${id}: ${error.message}`, { cause: error });
    }
  }

  /**
   * Marks runs whose process is gone as interrupted and clears what it left half written. Call it
   * at start, before anything trains.
   */
  async recover(): Promise<Run[]> {
    const interrupted: Run[] = [];
    for (const run of await this.list()) {
      await removeTemporaries(this.#path(run.id));
      if (run.status !== 'running' && run.status !== 'queued') continue;
      if (run.pid !== null && isAlive(run.pid)) continue;
      interrupted.push(await this.update(run.id, { status: 'interrupted', pid: null }));
    }
    return interrupted;
  }

  #path(id: string): string {
    return join(this.root, id);
  }

  async #ids(): Promise<string[]> {
    try {
      const entries = await readdir(this.root, { withFileTypes: true });
      return entries
        .filter((entry) => entry.isDirectory() && nameSchema.safeParse(entry.name).success)
        .map((entry) => entry.name);
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return [];
      throw error;
    }
  }

  /** @throws ProtocolError 'not-found' that lists what there is */
  async #find(id: string): Promise<void> {
    const ids = await this.#ids();
    if (ids.includes(id)) return;
    const known = ids.length > 0 ? `one of ${ids.slice(-8).join(', ')}` : 'none: train one first';
    throw new ProtocolError('not-found', `run: expected ${known}, got "${id.slice(0, 80)}"`);
  }

  async #file(id: string, name: string): Promise<Buffer> {
    await this.#find(id);
    try {
      return await readFile(join(this.#path(id), name));
    } catch (error) {
      if (!isSystemError(error, 'ENOENT')) throw error;
      throw new ProtocolError('damaged', `run ${id}: expected ${name}, got none`, {
        cause: error,
      });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It lives, but is somebody else's.
    return isSystemError(error, 'EPERM');
  }
}
