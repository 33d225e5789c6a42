/** Programs that give other bits have queues of their own: none is given what it cannot do. */
import type { ProgramIdentity } from '../experiments/code.ts';

const SHARDS = 'shards';
/** Digits of the digest of the code: what tells programs apart. */
const DIGITS = 16;

/** The queue of the shards that a program can run: "shards/VERSION/DIGEST/PHYSICS/VERSION". */
export function shardQueue({ code, physics }: ProgramIdentity): string {
  const parts = [code.version, code.digest.slice(0, DIGITS), physics.package, physics.version];
  // Queues take no other characters.
  return [SHARDS, ...parts].join('/').replace(/[^\w./-]/g, '');
}

/** As people read it, of a queue that `shardQueue` named; null for any other. */
export function describeProgram(queue: string): string | null {
  const [, version, digest, physics] = /^shards\/([^/]+)\/([0-9a-f]+)\/(.+)$/.exec(queue) ?? [];
  if (version === undefined) return null;
  return `code of version ${version} (${digest.slice(0, 12)}) with ${physics.replace(/\/([^/]*)$/, ' $1')}`;
}

/** What a worker is called among who is connected, by the queue that it takes from. */
export function workerName(queue: string): string {
  return `worker of ${queue}`;
}

/** The queue of a worker by its name; null for anybody else. */
export function queueOfWorker(name: string): string | null {
  return /^worker of (shards\/.+)$/.exec(name)?.[1] ?? null;
}
