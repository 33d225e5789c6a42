import { reportError } from '../error-report.ts';
import type { PainterAsk, PainterAsks, PainterReply } from '../painting/painter-host.ts';
import { ProtocolError, StoppedError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { PainterFile } from '../storage/painters.ts';
import type { Place } from '../storage/workspace.ts';
import { type RunningWork, startWork } from './process.ts';

interface Waiting {
  readonly viewer: string;
  readonly resolve: (answer: PainterAsks[PainterAsk]['answer']) => void;
  readonly reject: (error: unknown) => void;
}

/** Painters without anything to do end after this long, ms: their programs take memory. */
const IDLE = 120_000;

/**
 * Draws pictures for pages, in one child process that begins with the first request and ends when
 * nobody has asked for a while.
 */
export class PainterService {
  readonly #place: Place;
  readonly #files: readonly PainterFile[];
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #work: RunningWork<'paint'> | null = null;
  #idle: NodeJS.Timeout | null = null;

  constructor(place: Place, files: readonly PainterFile[]) {
    this.#place = place;
    this.#files = files;
  }

  /**
   * @throws ProtocolError 'busy' where too much waits; 'conflict' once nobody wants it any more; what
   *         the painters throw
   */
  async ask<K extends PainterAsk>(
    viewer: string,
    kind: K,
    request: PainterAsks[K]['request'],
  ): Promise<PainterAsks[K]['answer']> {
    if (kind === 'list' && this.#files.length === 0) return { painters: [], damaged: [] };
    this.#checkRoom(viewer);
    const work = this.#work ?? this.#start();
    const id = ++this.#asked;
    if (this.#idle) clearTimeout(this.#idle);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        viewer,
        resolve: (answer) => resolve(answer as PainterAsks[K]['answer']),
        reject,
      });
      work.command({ id, kind, request });
    });
  }

  /** Ends what a viewer waits for. */
  stop(viewer: string): void {
    for (const [id, waiting] of this.#waiting) {
      if (waiting.viewer !== viewer) continue;
      this.#work?.command({ stop: id });
      waiting.reject(new StoppedError());
      this.#waiting.delete(id);
    }
    this.#endWhenIdle();
  }

  close(): void {
    if (this.#idle) clearTimeout(this.#idle);
    this.#work?.kill();
  }

  #checkRoom(viewer: string): void {
    const { waiting, waitingEach } = LIMITS.pictures;
    const own = [...this.#waiting.values()].filter((each) => each.viewer === viewer).length;
    if (own < waitingEach && this.#waiting.size < waiting) return;
    throw new ProtocolError(
      'busy',
      `painters: expected at most ${waitingEach} requests of one page, and ${waiting} of all, to ` +
        'wait; ask again in a moment',
    );
  }

  #start(): RunningWork<'paint'> {
    const input = { place: this.#place, files: this.#files };
    const work = startWork('paint', input, (reply) => this.#settle(reply));
    this.#work = work;
    work.result.catch((cause: unknown) => {
      if (this.#work === work) this.#work = null;
      const { code, message } = reportError(cause);
      for (const { reject } of this.#waiting.values()) reject(new ProtocolError(code, message));
      this.#waiting.clear();
    });
    return work;
  }

  #settle(reply: PainterReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('answer' in reply) waiting?.resolve(reply.answer);
    else waiting?.reject(new ProtocolError(reply.error.code, reply.error.message));
    this.#endWhenIdle();
  }

  #endWhenIdle(): void {
    if (this.#waiting.size > 0) return;
    if (this.#idle) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => {
      this.#work?.kill();
      this.#work = null;
    }, IDLE);
    // A server that ends does not wait for it.
    this.#idle.unref();
  }
}
