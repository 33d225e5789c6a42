/** What the commands that talk to a queue have in common. */
import { Option } from 'commander';
import { openArtefacts } from '../../server/artefacts/index.ts';
import { ProtocolError } from '../../server/protocol/errors.ts';
import { parseQueueAddress, type QueueAddress } from '../../server/queue/address.ts';
import type { QueueOptions, WorkQueue } from '../../server/queue/work-queue.ts';

export function queueOption(what: string): Option {
  return new Option(
    '--queue <url>',
    `${what}: postgres://USER@HOST:5432/DATABASE; the password in it, as PGPASSWORD or in .pgpass`,
  ).argParser(parseQueueAddress);
}

/** Where machines with data directories of their own hand things over. */
export function storeOption(what: string): Option {
  return new Option(
    '--store <place>',
    `${what}, where no disk is shared: s3://BUCKET/PREFIX with AWS_* in the environment, or a directory`,
  ).argParser((place: string) => openArtefacts(place).place);
}

/** Of a command that needs no store. */
export function storeWithoutQueue(command: string): ProtocolError {
  return new ProtocolError(
    'invalid-request',
    `${command}: expected --queue URL with --store, got none; without workers leave --store out`,
  );
}

/** Connects; what is wrong with the queue is said on standard error for as long as it is used. */
export async function withQueue<T>(
  address: QueueAddress,
  who: Pick<QueueOptions, 'name' | 'role'>,
  use: (queue: WorkQueue) => Promise<T>,
): Promise<T> {
  const { WorkQueue: Queue } = await import('../../server/queue/work-queue.ts');
  const queue = await Queue.open(address, { ...who, onTrouble: remark });
  try {
    return await use(queue);
  } finally {
    await queue.close();
  }
}

/** For people, beside results. */
export function remark(message: string): void {
  process.stderr.write(`${message}\n`);
}
