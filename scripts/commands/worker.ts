import { availableParallelism, hostname } from 'node:os';
import type { Command } from 'commander';
import { identifyProgram } from '../../server/experiments/code.ts';
import { sourceName } from '../../server/protocol/sources.ts';
import type { QueueAddress } from '../../server/queue/address.ts';
import { shardQueue, workerName } from '../../server/queue/programs.ts';
import { LEASE_SECONDS } from '../../server/queue/work-queue.ts';
import { serveShards } from '../../server/queue/worker.ts';
import type { TextEncoderPlace } from '../../server/storage/text-encoder.ts';
import { openWorkspace } from '../../server/storage/workspace.ts';
import { interruptible } from '../interrupt.ts';
import { dataOption, JSON_OPTION, wholeNumber, withTextEncoder } from '../options.ts';
import { queueOption, remark, withQueue } from '../queue/connect.ts';
import { printJson } from '../table.ts';

interface WorkerCommandOptions extends TextEncoderPlace {
  readonly queue: QueueAddress;
  readonly data: string;
  readonly processes: number;
  readonly drain?: true;
  readonly json?: true;
}

export function defineWorker(command: Command): void {
  withTextEncoder(command)
    .addOption(queueOption('the database that the queue is in').makeOptionMandatory())
    .addOption(dataOption())
    .option(
      '--processes <n>',
      'shards at once, each in a child process (default: one a core)',
      wholeNumber(1, 1024),
      availableParallelism(),
    )
    .option('--drain', 'end once nothing waits')
    .option(...JSON_OPTION)
    .action(work);
}

async function work(options: WorkerCommandOptions): Promise<void> {
  const { queue: address, processes, drain, json } = options;
  const { place } = openWorkspace({ ...options, engine: 'compiled' });
  const name = `${hostname()}:${process.pid}`;
  const queueName = shardQueue(await identifyProgram());
  const message =
    'stopping; shards under way are finished and no other is begun; once more ends at once, and their ' +
    `lease runs out after ${LEASE_SECONDS} s`;
  const who = { name: workerName(queueName), role: 'worker' } as const;
  const summary = await withQueue(address, who, async (queue) => {
    remark(`worker ${name} takes ${queueName} from ${address.shown}`);
    return interruptible(message, (signal) =>
      serveShards(queue, {
        ...{ place, name, processes, drain, signal, onTrouble: remark },
        onDone({ acting, cells }, seconds) {
          const each = `${cells.length} rollouts of ${sourceName(acting.source)}`;
          remark(`${each} in ${seconds.toFixed(1)} s`);
        },
      }),
    );
  });
  if (json) {
    printJson({ queue: address.shown, worker: name, ...summary });
    return;
  }
  const { shards, rollouts, failed, lost, computingMs, besidesMs } = summary;
  const times =
    computingMs && besidesMs
      ? ` · a shard ${(computingMs.p50 / 1000).toFixed(2)} s and ${besidesMs.p50.toFixed(1)} ms ` +
        'besides (median)'
      : '';
  process.stdout.write(
    `${shards} shards, ${rollouts} rollouts, ${failed} given back, ${lost} lost to others${times}\n`,
  );
}
