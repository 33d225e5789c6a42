/** Shards of experiments, whose results travel in the queue. */
import { z } from 'zod';
import { explainIssues } from '../../../policies/config/index.ts';
import { openArtefacts } from '../../artefacts/index.ts';
import { SharedRuns } from '../../exchange/runs.ts';
import { identifyProgram } from '../../experiments/code.ts';
import {
  type Shard,
  type ShardDescription,
  shardId,
  shardSchema,
} from '../../experiments/shard.ts';
import type { RunShard } from '../../experiments/shard-host.ts';
import { ShardService } from '../../jobs/shard-service.ts';
import { ProtocolError } from '../../protocol/errors.ts';
import { runOf, sourceName } from '../../protocol/sources.ts';
import { openWorkspace } from '../../storage/workspace.ts';
import type { JobKind } from '../job-kind.ts';
import { jobIdOf } from '../jobs.ts';
import type { Job } from '../work-queue.ts';

/** Largest result that is carried, bytes: a few hundred are a rollout. */
const MOST_BYTES = 16 * 2 ** 20;

const jobSchema = z.strictObject({ format: z.literal(1), shard: shardSchema });

const outputSchema = z.object({
  name: z.string().max(200),
  /** The Parquet file, in base64. */
  file: z.base64().max((4 * MOST_BYTES) / 3 + 4),
  seconds: z.number().min(0),
});

export const shards: JobKind = {
  identify: () => identifyProgram('rollouts'),
  open(place) {
    const service = new ShardService(place);
    const shared = place.store === undefined ? null : new SharedRuns(openArtefacts(place.store));
    return {
      async run({ id, data }, { lost }) {
        const shard = readShardJob(id, data);
        const run = runOf(shard.acting.source);
        if (run !== null) await shared?.bring(openWorkspace(place).runs, run);
        const file = await service.run(shard, lost);
        return {
          output: encodeShardOutput(file),
          left: null,
          seconds: file.seconds,
          amount: { count: shard.cells.length, unit: 'rollouts' },
          of: sourceName(shard.acting.source),
        };
      },
      close: () => service.close(),
    };
  },
};

/** A job is its shard. */
export function shardJobOf({ id, description }: Pick<Shard, 'id' | 'description'>): Job {
  return { id: jobIdOf(id), data: { format: 1, shard: description } };
}

/**
 * @param id of the job, which must be that of its shard
 * @throws ProtocolError 'invalid-request' for what is no such job
 */
function readShardJob(id: string, data: unknown): ShardDescription {
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

function encodeShardOutput({ name, bytes, seconds }: RunShard): object {
  if (bytes.length > MOST_BYTES) {
    throw new ProtocolError(
      'failed',
      `shard: expected a result of at most ${MOST_BYTES} bytes, got ${bytes.length}; plan the ` +
        'experiment with a smaller --shard-size',
    );
  }
  return { name, file: Buffer.from(bytes).toString('base64'), seconds };
}

/** @throws ProtocolError 'damaged' for what no worker of ours wrote */
export function decodeShardOutput(output: unknown): RunShard {
  const { data, error } = outputSchema.safeParse(output);
  if (!data) {
    throw new ProtocolError(
      'damaged',
      `queue: expected the result of a shard: ${explainIssues(error)}; run it again`,
    );
  }
  const { name, file, seconds } = data;
  return { name, bytes: Buffer.from(file, 'base64'), seconds };
}
