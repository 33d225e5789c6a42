import type { ErrorReport } from '../protocol/errors.ts';
import type { Place } from '../storage/workspace.ts';
import { encodeShard, type ShardFile } from './result-file.ts';
import { ShardRunner } from './run-shard.ts';
import type { ShardDescription } from './shard.ts';

/** The result of a shard that was asked for. */
export interface RunShard extends ShardFile {
  /** How long it took, s. */
  readonly seconds: number;
}

/** To who asked for a shard. */
export type ShardReply =
  /** One of its rollouts has ended. */
  | { readonly kind: 'ended' }
  | ({ readonly kind: 'done' } & RunShard)
  | { readonly kind: 'failed'; readonly error: ErrorReport };

/** Runs shards as they are asked for, one after the other, each with the policy that the one before has open. */
export class ShardHost {
  readonly #runner: ShardRunner;
  readonly #reply: (reply: ShardReply) => void;
  readonly #report: (error: unknown) => ErrorReport;
  #last: Promise<void> = Promise.resolve();

  /** @param report what is said of an error */
  constructor(
    place: Place,
    reply: (reply: ShardReply) => void,
    report: (error: unknown) => ErrorReport,
  ) {
    this.#runner = new ShardRunner(place);
    this.#reply = reply;
    this.#report = report;
  }

  command(shard: ShardDescription): void {
    this.#last = this.#last.then(async () => this.#reply(await this.#run(shard)));
  }

  async #run(shard: ShardDescription): Promise<ShardReply> {
    const began = performance.now();
    try {
      const result = await this.#runner.run(shard, () => this.#reply({ kind: 'ended' }));
      const seconds = (performance.now() - began) / 1000;
      return { kind: 'done', ...encodeShard(shard, result), seconds };
    } catch (error) {
      const said = this.#report(error);
      if (said.code === 'internal') console.error(error);
      return { kind: 'failed', error: said };
    }
  }
}
