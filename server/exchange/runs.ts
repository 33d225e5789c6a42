/** Runs that machines without a common disk hand one another. */
import { z } from 'zod';
import {
  describeBrokenSeal,
  FileError,
  isMissing,
  openSealed,
  sealJson,
} from '../../demos/files/index.ts';
import { explainIssues } from '../../policies/config/index.ts';
import type { Artefacts } from '../artefacts/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { metricSchema, type Run, runSchema } from '../protocol/runs.ts';
import { type CarriedRun, isFurther, packRun, takeInRun } from '../storage/carried-run.ts';
import { checkCheckpointOf, mostCheckpointBytes, type RunStore } from '../storage/run-store.ts';

/** What is believed of a record, bytes, and of its metrics: a training writes four hundred. */
const MOST_RECORD_BYTES = 8 * 2 ** 20;
const MOST_METRICS = 10_000;
/** Of the last checkpoint and the one before: should the last be spoilt, that one is left. */
const KEPT_STEPS = 2;
/** Others may remove what was listed a moment ago, as theirs is newer. */
const MOST_LOOKS = 5;
const STEP_DIGITS = 9;
const NAME = /^runs\/[^/]+\/((\d{9})\.[0-9a-f]{64})\.(json|safetensors)$/;

const recordSchema = z.strictObject({
  format: z.literal(1),
  run: runSchema,
  metrics: z.array(metricSchema).max(MOST_METRICS),
});

/** A checkpoint of a run, and the record that tells of it, written last. */
interface Stored {
  readonly step: number;
  /** Without what it ends in. */
  readonly name: string;
}

export interface BringOptions {
  /** @throws where it is not the run that is wanted */
  readonly check?: ((run: Run) => void) | undefined;
  /** How long to wait for whoever holds the run here, ms. @default a moment */
  readonly patienceMs?: number | undefined;
}

/**
 * Runs as of their last checkpoints: `runs/ID/STEP.SHA256.safetensors`, the digest being that of the
 * checkpoint, and beside it `.json`, which says all else of the run and comes last.
 *
 * Nobody holds a run here, and nobody has to: whoever trains it from wherever makes the same checkpoint of a
 * step, so that one who was believed dead replaces nothing by anything else.
 */
export class SharedRuns {
  readonly #files: Artefacts;

  constructor(files: Artefacts) {
    this.#files = files;
  }

  /** Step of the last checkpoint; 0 where there is none. */
  async stepOf(id: string): Promise<number> {
    return (await this.#stored(id))[0]?.step ?? 0;
  }

  /**
   * Hands over a run as of its last checkpoint here.
   *
   * @returns it; null where there is no checkpoint yet, or it is just being replaced
   * @throws ProtocolError 'not-found', 'damaged'; as the artefacts
   */
  async publish(runs: RunStore, id: string): Promise<Run | null> {
    const carried = await packRun(runs, id);
    if (!carried) return null;
    const { run, metrics, checkpoint } = carried;
    const step = String(run.step).padStart(STEP_DIGITS, '0');
    const name = `runs/${id}/${step}.${run.checkpointSha256}`;
    await this.#files.write(`${name}.safetensors`, checkpoint);
    await this.#files.write(`${name}.json`, sealJson({ format: 1, run, metrics }));
    await this.#tidy(id);
    return run;
  }

  /**
   * The same where what is there is less far.
   *
   * @throws as `publish`
   */
  async offer(runs: RunStore, id: string): Promise<void> {
    if ((await this.stepOf(id)) < (await runs.read(id)).step) await this.publish(runs, id);
  }

  /**
   * Brings a run here where it is further there.
   *
   * @throws ProtocolError 'conflict' for two checkpoints of one step; what `check` throws; as `takeInRun`
   *         and the artefacts
   */
  async bring(
    runs: RunStore,
    id: string,
    { check = () => {}, patienceMs }: BringOptions = {},
  ): Promise<void> {
    const here = (await runs.has(id)) ? await runs.read(id) : null;
    if (here?.status === 'done' && here.step >= here.training.steps) return;
    const gone = new Set<string>();
    for (let look = 0; look < MOST_LOOKS; look++) {
      try {
        const carried = await this.#newest(id, here, { check, gone });
        if (carried) await takeInRun(runs, carried, patienceMs);
        return;
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    }
    throw new ProtocolError(
      'failed',
      `run ${id}: expected its checkpoints to stay for a moment in ${this.#files.place}, got others at ` +
        `each of ${MOST_LOOKS} looks; see who trains it`,
    );
  }

  /**
   * The newest that can be used; null where none is further.
   *
   * @param gone what was missing at earlier looks: what is listed again is not being removed
   * @throws FileError 'missing' where one was removed meanwhile
   */
  async #newest(
    id: string,
    here: Run | null,
    { check, gone }: { readonly check: (run: Run) => void; readonly gone: Set<string> },
  ): Promise<CarriedRun | null> {
    for (const { name, step } of await this.#stored(id)) {
      if (step < (here?.step ?? 0)) return null;
      try {
        const { run, metrics } = await this.#readRecord(id, name);
        check(run);
        if (!isFurther(run, here)) return null;
        const checkpoint = await this.#files.read(`${name}.safetensors`, mostCheckpointBytes(run));
        checkCheckpointOf(run, checkpoint);
        return { run, metrics, checkpoint };
      } catch (error) {
        const first = isMissing(error) && !gone.has(name);
        if (first) gone.add(name);
        if (first || !isSpoilt(error)) throw error;
        process.emitWarning(`${error.message}; the checkpoint before it is taken`);
      }
    }
    return null;
  }

  /** @throws ProtocolError 'damaged' */
  async #readRecord(id: string, name: string): Promise<Pick<CarriedRun, 'run' | 'metrics'>> {
    const bytes = await this.#files.read(`${name}.json`, MOST_RECORD_BYTES);
    const content = Buffer.from(bytes).toString('utf8');
    const refuse = (what: string, cause?: unknown) =>
      new ProtocolError('damaged', `${this.#files.pathOf(`${name}.json`)}: ${what}`, { cause });
    const opened = openSealed(content);
    if (!opened?.sealed) throw refuse(describeBrokenSeal(content));
    let json: unknown;
    try {
      json = JSON.parse(opened.text);
    } catch (cause) {
      throw refuse('expected JSON, got something else', cause);
    }
    const { data, error } = recordSchema.safeParse(json);
    if (!data) throw refuse(`expected the record of a run: ${explainIssues(error)}`);
    const { run, metrics } = data;
    const called = `${String(run.step).padStart(STEP_DIGITS, '0')}.${run.checkpointSha256}`;
    if (run.id === id && name.endsWith(`/${called}`)) return { run, metrics };
    throw refuse(`expected run ${id} and what it is called by, got ${run.id}, ${called}`);
  }

  /**
   * What is there of a run, the furthest first.
   *
   * @throws ProtocolError 'conflict' where two differ
   */
  async #stored(id: string): Promise<Stored[]> {
    const stored = (await this.#files.list(`runs/${id}/`)).flatMap((file) => {
      const match = NAME.exec(file);
      if (match?.[3] !== 'json') return [];
      return [{ step: Number(match[2]), name: file.slice(0, -'.json'.length) }];
    });
    stored.sort((a, b) => b.step - a.step);
    const twin = stored.find(({ step }, i) => stored[i - 1]?.step === step);
    if (!twin) return stored;
    const files = stored.filter(({ step }) => step === twin.step);
    throw new ProtocolError(
      'conflict',
      `run ${id}: expected every training of it to make the same checkpoint of step ${twin.step}, got ` +
        `${files.map(({ name }) => this.#files.pathOf(name)).join(' and ')}; find out which machine ` +
        'differs, and remove what it wrote',
    );
  }

  /** Removes what is older than the last two, and what kills have left there. */
  async #tidy(id: string): Promise<void> {
    const kept = (await this.#stored(id)).slice(0, KEPT_STEPS);
    const oldest = kept.length < KEPT_STEPS ? 0 : (kept.at(-1)?.step ?? 0);
    for (const file of await this.#files.list(`runs/${id}/`)) {
      const match = NAME.exec(file);
      if (match && Number(match[2]) < oldest) await this.#files.remove(file);
    }
  }
}

/** Whether something is wrong with one checkpoint alone. */
function isSpoilt(error: unknown): error is Error {
  return error instanceof FileError || (error instanceof ProtocolError && error.code === 'damaged');
}
