/** What a job that runs a shard says, and what it gives. */
import { z } from 'zod';
import { explainIssues } from '../../policies/config/index.ts';
import { type Shard, type ShardDescription, shardId, shardSchema } from '../experiments/shard.ts';
import type { RunShard } from '../experiments/shard-host.ts';
import { type ErrorReport, ProtocolError } from '../protocol/errors.ts';
import type { Job } from './work-queue.ts';

/** Largest result that is carried, bytes: a few hundred are a rollout. */
const MOST_BYTES = 16 * 2 ** 20;

const jobSchema = z.strictObject({ format: z.literal(1), shard: shardSchema });

const outputSchema = z.object({
  name: z.string().max(200),
  /** The Parquet file, in base64. */
  file: z.base64().max((4 * MOST_BYTES) / 3 + 4),
  seconds: z.number().min(0),
  worker: z.string().max(300),
});

const failureSchema = z.object({ code: z.string(), message: z.string() });
const refusalSchema = z.object({ refused: failureSchema });
/** Where pg-boss itself ended a job. */
const endedSchema = z.object({ value: z.object({ message: z.string() }) });

/** A job is its shard: 128 bits of the shard's digest, as the UUID that a queue asks for. */
export function jobOf({ id, description }: Pick<Shard, 'id' | 'description'>): Job {
  return { id: jobIdOf(id), data: { format: 1, shard: description } };
}

export function jobIdOf(shard: string): string {
  return shard.slice(0, 32).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/**
 * @param id of the job, which must be that of its shard
 * @throws ProtocolError 'invalid-request' for what is no such job
 */
export function readJob(id: string, data: unknown): ShardDescription {
  const { data: job, error } = jobSchema.safeParse(data);
  if (!job) {
    throw new ProtocolError(
      'invalid-request',
      `job ${id}: expected a shard: ${explainIssues(error)}; queue it with "experiment run --queue"`,
    );
  }
  const expected = jobIdOf(shardId(job.shard));
  if (expected === id) return job.shard;
  throw new ProtocolError(
    'invalid-request',
    `job ${id}: expected the id ${expected} of its shard; queue it with "experiment run --queue"`,
  );
}

export function encodeOutput({ name, bytes, seconds }: RunShard, worker: string): object {
  if (bytes.length > MOST_BYTES) {
    throw new ProtocolError(
      'failed',
      `shard: expected a result of at most ${MOST_BYTES} bytes, got ${bytes.length}; plan the ` +
        'experiment with a smaller --shard-size',
    );
  }
  return { name, file: Buffer.from(bytes).toString('base64'), seconds, worker };
}

/** Of a job that no worker could do: it is settled by that. */
export function encodeRefusal(error: ErrorReport): object {
  return { refused: error };
}

/** Why every worker would refuse a job, by what it gave; null where it gave something else. */
export function refusalOf(output: unknown): string | null {
  return refusalSchema.safeParse(output).data?.refused.message ?? null;
}

/** @throws ProtocolError 'damaged' for what no worker of ours wrote */
export function decodeOutput(output: unknown): RunShard & { readonly worker: string } {
  const { data, error } = outputSchema.safeParse(output);
  if (!data) {
    throw new ProtocolError(
      'damaged',
      `queue: expected the result of a shard: ${explainIssues(error)}; run it again`,
    );
  }
  const { name, file, seconds, worker } = data;
  return { name, bytes: Buffer.from(file, 'base64'), seconds, worker };
}

/** Why a job failed for good, in a sentence. */
export function reasonOf(output: unknown): string {
  const failure = failureSchema.safeParse(output).data?.message;
  const ended = endedSchema.safeParse(output).data?.value.message;
  if (failure !== undefined) return failure;
  if (ended !== undefined) {
    return (
      `each worker that took it was gone before its end (${ended}), as one that is killed for its ` +
      'memory: see what they said, and run it again'
    );
  }
  return 'nobody said why';
}
