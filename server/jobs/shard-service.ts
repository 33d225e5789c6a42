import type { ShardDescription } from '../experiments/shard.ts';
import type { RunShard, ShardReply } from '../experiments/shard-host.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Place } from '../storage/workspace.ts';
import { untilAborted } from './parallel.ts';
import { type RunningWork, startWork, type WorkOptions } from './process.ts';

/**
 * How long a shard's process may say nothing, ms: a batch of rollouts ends within seconds, of the slowest
 * policies within minutes.
 */
const SILENT_MS = 30 * 60_000;

interface Asked {
  onEnded(): void;
  resolve(file: RunShard): void;
  reject(error: unknown): void;
}

/** A child process that runs shards, one at a time; it starts with the first one, and again after its end. */
export class ShardService {
  readonly #place: Place;
  readonly #options: WorkOptions;
  #work: RunningWork<'shards'> | null = null;
  #asked: Asked | null = null;
  #silence: NodeJS.Timeout | undefined;

  constructor(place: Place, options: WorkOptions = {}) {
    this.#place = place;
    this.#options = options;
  }

  /**
   * @param signal  ends the process at once
   * @param onEnded told of each rollout that has ended
   * @throws ProtocolError what the shard throws; 'failed' where its process ends or says nothing
   * @throws StoppedError where `signal` aborts
   */
  async run(
    shard: ShardDescription,
    signal: AbortSignal,
    onEnded: () => void = () => {},
  ): Promise<RunShard> {
    const work = this.#work ?? this.#start();
    const file = new Promise<RunShard>((resolve, reject) => {
      this.#asked = { onEnded, resolve, reject };
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

  #start(): RunningWork<'shards'> {
    const onReply = (reply: ShardReply) => this.#hear(reply);
    const work = startWork('shards', { place: this.#place }, onReply, this.#options);
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
    if (reply.kind === 'ended') this.#asked?.onEnded();
    else if (reply.kind === 'done') this.#asked?.resolve(reply);
    else this.#asked?.reject(new ProtocolError(reply.error.code, reply.error.message));
  }

  #endSilent(work: RunningWork<'shards'>): void {
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
