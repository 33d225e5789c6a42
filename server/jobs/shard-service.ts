import type { ShardDescription } from '../experiments/shard.ts';
import type { ShardFile, ShardReply } from '../experiments/shard-host.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Place } from '../storage/workspace.ts';
import { untilAborted } from './parallel.ts';
import { type RunningWork, startWork } from './process.ts';

/**
 * How long a shard's process may say nothing, ms: a batch of rollouts ends within seconds, of the slowest
 * policies within minutes.
 */
const SILENT_MS = 30 * 60_000;

interface Asked {
  resolve(file: ShardFile): void;
  reject(error: unknown): void;
}

/** A child process that runs shards, one at a time; it starts with the first one, and again after its end. */
export class ShardService {
  readonly #place: Place;
  #work: RunningWork<'shards-on-demand'> | null = null;
  #asked: Asked | null = null;
  #silence: NodeJS.Timeout | undefined;

  constructor(place: Place) {
    this.#place = place;
  }

  /**
   * @param signal ends the process at once
   * @throws ProtocolError what the shard throws; 'failed' where its process ends or says nothing
   * @throws StoppedError where `signal` aborts
   */
  async run(shard: ShardDescription, signal: AbortSignal): Promise<ShardFile> {
    const work = this.#work ?? this.#start();
    const file = new Promise<ShardFile>((resolve, reject) => {
      this.#asked = { resolve, reject };
    });
    this.#silence = setTimeout(() => this.#endSilent(work), SILENT_MS);
    work.command(shard);
    try {
      return await untilAborted({ result: file, kill: work.kill }, signal);
    } finally {
      clearTimeout(this.#silence);
      this.#asked = null;
      // It takes a moment to end.
      if (signal.aborted) this.#work = null;
    }
  }

  close(): void {
    this.#work?.kill();
  }

  #start(): RunningWork<'shards-on-demand'> {
    const work = startWork('shards-on-demand', { place: this.#place }, (reply) =>
      this.#hear(reply),
    );
    this.#work = work;
    const onEnd = (error: unknown) => {
      if (this.#work === work) this.#work = null;
      this.#asked?.reject(error);
    };
    work.result.then(
      () => onEnd(new ProtocolError('failed', 'shard: its process ended early (exit 0)')),
      onEnd,
    );
    return work;
  }

  #hear(reply: ShardReply): void {
    this.#silence?.refresh();
    if (reply.kind === 'done') this.#asked?.resolve(reply);
    if (reply.kind === 'failed') {
      this.#asked?.reject(new ProtocolError(reply.error.code, reply.error.message));
    }
  }

  #endSilent(work: RunningWork<'shards-on-demand'>): void {
    work.kill();
    this.#asked?.reject(
      new ProtocolError(
        'failed',
        `shard: expected a rollout to end within ${SILENT_MS / 60_000} minutes, got none, and its ` +
          'process was ended; take fewer network evaluations, or a faster machine',
      ),
    );
  }
}
