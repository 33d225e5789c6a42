import type { PlanReply } from '../openpi/plan-host.ts';
import type { PlanRequest } from '../openpi/request.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { type RunningWork, startWork } from './process.ts';
import type { Work } from './work.ts';

interface Waiting {
  resolve(plans: { chunk: Float32Array; ms: number }): void;
  reject(error: unknown): void;
}

/** One policy in a child process, asked for plans in turn. */
export class PlanService {
  readonly #work: RunningWork<'plans'>;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  /** Rejected once the process has ended, whatever ended it. */
  readonly ended: Promise<never>;
  /** Settled once it can be asked. */
  readonly ready: Promise<void>;

  constructor(input: Work['plans']['input']) {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    this.#work = startWork('plans', input, (reply) => {
      if (reply.kind === 'ready') begin();
      else this.#settle(reply);
    });
    this.ended = this.#work.result.then(
      () => {
        throw new ProtocolError('failed', 'the process of the policy ended');
      },
      (error: unknown) => {
        for (const { reject } of this.#waiting.values()) reject(error);
        this.#waiting.clear();
        throw error;
      },
    );
    this.ready = Promise.race([begun, this.ended]);
    // Who waits for neither has asked for an end.
    this.ended.catch(() => {});
    this.ready.catch(() => {});
  }

  /**
   * @param noiseKey of noise that the request leaves to the policy
   * @returns [rows, Tp, 8], and how long the policy took, ms
   * @throws what the policy throws
   */
  ask(
    request: PlanRequest,
    noiseKey: readonly number[],
  ): Promise<{ chunk: Float32Array; ms: number }> {
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#work.command({ id, request, noiseKey });
    });
  }

  close(): void {
    this.#work.kill();
  }

  #settle(reply: Exclude<PlanReply, { kind: 'ready' }>): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.kind === 'plans') waiting?.resolve(reply);
    else waiting?.reject(new ProtocolError(reply.error.code, reply.error.message));
  }
}
