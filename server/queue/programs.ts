/** Programs that give other bits have queues of their own: none is given what it cannot do. */
import type { ProgramIdentity } from '../experiments/code.ts';

/** Digits of the digest of the code: what tells programs apart. */
const DIGITS = 16;
/** "KIND/VERSION/DIGEST/PHYSICS/VERSION". */
const QUEUE = /^([a-z]+)\/([^/]+)\/([0-9a-f]+)\/(.+)$/;
const WORKER = /^worker of (.+)$/;

/** The queue of the jobs of a kind that a program can do. */
export function queueOf(kind: string, { code, physics }: ProgramIdentity): string {
  const parts = [code.version, code.digest.slice(0, DIGITS), physics.package, physics.version];
  // Queues take no other characters.
  return [kind, ...parts].join('/').replace(/[^\w./-]/g, '');
}

/** As people read it, of a queue that `queueOf` named; null for any other. */
export function describeQueue(queue: string): { kind: string; program: string } | null {
  const [, kind, version, digest, physics] = QUEUE.exec(queue) ?? [];
  if (kind === undefined) return null;
  const on = physics.replace(/\/([^/]*)$/, ' $1');
  return { kind, program: `code of version ${version} (${digest.slice(0, 12)}) with ${on}` };
}

/** What a worker is called among who is connected, by the queues that it takes from. */
export function workerName(queues: readonly string[]): string {
  return `worker of ${queues.join(' ')}`;
}

/** The queues of a worker by its name; none for anybody else. */
export function queuesOfWorker(name: string): string[] {
  const [, queues] = WORKER.exec(name) ?? [];
  return (queues ?? '').split(' ').filter((queue) => QUEUE.test(queue));
}
