import { availableParallelism, hostname } from 'node:os';
import type { Command } from 'commander';
import { openArtefacts } from '../../server/artefacts/index.ts';
import { BROUGHT_BYTES } from '../../server/exchange/brought.ts';
import type { QueueAddress } from '../../server/queue/address.ts';
import { JOB_UNITS } from '../../server/queue/job-kind.ts';
import { JOB_KIND_NAMES, type JobKindName, ownQueue } from '../../server/queue/kinds/index.ts';
import { workerName } from '../../server/queue/programs.ts';
import { LEASE_SECONDS } from '../../server/queue/work-queue.ts';
import { serveJobs } from '../../server/queue/worker.ts';
import type { TextEncoderPlace } from '../../server/storage/text-encoder.ts';
import { openWorkspace } from '../../server/storage/workspace.ts';
import { interruptible } from '../interrupt.ts';
import {
  dataOption,
  JSON_OPTION,
  listOf,
  oneOf,
  wholeNumber,
  withTextEncoder,
} from '../options.ts';
import { queueOption, remark, storeOption, withQueue } from '../queue/connect.ts';
import { printJson } from '../table.ts';

const MIB = 2 ** 20;

interface WorkerCommandOptions extends TextEncoderPlace {
  readonly queue: QueueAddress;
  readonly data: string;
  readonly store?: string;
  readonly processes: number;
  readonly take?: readonly JobKindName[];
  readonly brought: number;
  readonly drain?: true;
  readonly json?: true;
}

export function defineWorker(command: Command): void {
  withTextEncoder(command)
    .addOption(queueOption('the database that the queue is in').makeOptionMandatory())
    .addOption(dataOption())
    .addOption(storeOption('where demonstrations and runs are handed over'))
    .option(
      '--processes <n>',
      'jobs at once, each in a child process (default: one a core)',
      wholeNumber(1, 1024),
      availableParallelism(),
    )
    .option(
      '--take <kinds>',
      `kinds of jobs, of which the first that waits is taken (default: ${JOB_KIND_NAMES.join(',')})`,
      listOf(oneOf(JOB_KIND_NAMES)),
    )
    .option(
      '--brought <MiB>',
      'keep demonstrations that came from the store for other trainings, up to so much; those that nobody has ' +
        'used for longest go first, none in use',
      wholeNumber(0, 2 ** 30),
      BROUGHT_BYTES / MIB,
    )
    .option('--drain', 'end once nothing waits')
    .option(...JSON_OPTION)
    .action(work);
}

async function work(options: WorkerCommandOptions): Promise<void> {
  const { queue: address, processes, take = JOB_KIND_NAMES, drain, json } = options;
  const { place } = openWorkspace({
    ...options,
    engine: 'compiled',
    broughtBytes: options.brought * MIB,
  });
  // Before it takes a job: with a store that it cannot use it would give all of them back.
  if (place.store !== undefined) await openArtefacts(place.store).list('runs/');
  const name = `${hostname()}:${process.pid}`;
  const kinds = [...new Set(take)];
  const queues = await Promise.all(kinds.map(ownQueue));
  const message =
    'stopping; what is short is finished, what is long is left with a checkpoint to others, and nothing ' +
    `else is begun; once more ends at once, and leases run out after ${LEASE_SECONDS} s`;
  const who = { name: workerName(queues), role: 'worker' } as const;
  const summary = await withQueue(address, who, async (queue) => {
    remark(`worker ${name} takes ${queues.join(', ')} from ${address.shown}`);
    return interruptible(message, (signal) =>
      serveJobs(queue, {
        ...{ place, name, processes, kinds, drain, signal, onTrouble: remark },
        onDone({ amount, of, seconds, left }) {
          const each = `${amount.count} ${amount.unit} of ${of} in ${seconds.toFixed(1)} s`;
          remark(left ? `${each}; the rest is left to others` : each);
        },
      }),
    );
  });
  if (json) {
    printJson({ queue: address.shown, worker: name, ...summary });
    return;
  }
  const { failed, lost, computingMs, besidesMs } = summary;
  const times =
    computingMs && besidesMs
      ? ` · a job ${(computingMs.p50 / 1000).toFixed(2)} s and ${besidesMs.p50.toFixed(1)} ms ` +
        'besides (median)'
      : '';
  const counts = [...JOB_KIND_NAMES, ...JOB_UNITS].flatMap((each) =>
    summary[each] > 0 ? `${summary[each]} ${each}` : [],
  );
  const done = counts.length > 0 ? counts.join(', ') : 'nothing done';
  process.stdout.write(`${done}, ${failed} given back, ${lost} lost to others${times}\n`);
}
