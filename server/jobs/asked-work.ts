import type { WorldAnswer, WorldCommand } from '../environment/world-host.ts';
import type { AskedReply } from '../openpi/asked.ts';
import type { DrawnPlans, PlanCommand } from '../openpi/plan-host.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { type RunningWork, startWork } from './process.ts';
import type { Work } from './work.ts';

interface Waiting<Answer> {
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

/** What of work under way is needed to ask it. */
interface Asking<Request> extends Pick<RunningWork<'plans' | 'worlds'>, 'kill'> {
  readonly result: Promise<unknown>;
  command(command: Request & { readonly id: number }): void;
}

/** Work in a child process that is asked, and answers in turn. */
export class AskedWork<Request extends object, Answer> {
  readonly #work: Asking<Request>;
  readonly #waiting = new Map<number, Waiting<Answer>>();
  #asked = 0;
  /** Rejected once the process has ended, whatever ended it. */
  readonly ended: Promise<never>;
  /** Settled once it can be asked. */
  readonly ready: Promise<void>;

  /** @param name of the process, for what is said of its end */
  constructor(
    name: string,
    start: (onReply: (reply: AskedReply<Answer>) => void) => Asking<Request>,
  ) {
    let begin = () => {};
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    this.#work = start((reply) => {
      if (reply.kind === 'ready') begin();
      else this.#settle(reply);
    });
    this.ended = this.#work.result.then(
      () => {
        throw new ProtocolError('failed', `the process of ${name} ended`);
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

  /** @throws what the work throws */
  ask(request: Request): Promise<Answer> {
    const id = this.#asked++;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#work.command({ ...request, id });
    });
  }

  close(): void {
    this.#work.kill();
  }

  #settle(reply: Exclude<AskedReply<Answer>, { kind: 'ready' }>): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if (reply.kind === 'answer') waiting?.resolve(reply.answer);
    else waiting?.reject(new ProtocolError(reply.error.code, reply.error.message));
  }
}

/** One policy, asked for plans. */
export function startPlans(
  input: Work['plans']['input'],
): AskedWork<Omit<PlanCommand, 'id'>, DrawnPlans> {
  return new AskedWork('the policy', (onReply) => startWork('plans', input, onReply));
}

/** Worlds of clients that step them. */
export function startWorlds(
  input: Work['worlds']['input'],
): AskedWork<Omit<WorldCommand, 'id'>, WorldAnswer> {
  return new AskedWork('the worlds', (onReply) => startWork('worlds', input, onReply));
}
