import { type ErrorReport, ProtocolError } from '../../protocol/errors.ts';
import type { Inquiry } from '../../protocol/inquiry.ts';

/** An inquiry on its way, and a number by which its answer is known. */
export interface Ask {
  readonly id: number;
  readonly inquiry: Inquiry;
}

/** What comes of an ask. */
export type Reply =
  | { readonly kind: 'answer'; readonly ask: number; readonly packed: Float32Array }
  | { readonly kind: 'refusal'; readonly ask: number; readonly error: ErrorReport };

/**
 * Inquiries of all viewers, one at a time. Each viewer has one waiting at most: a newer one takes its
 * place, as who drags a handle wants to know of where it is, not of where it was.
 */
export class Inquiries {
  /** By viewer, in the order in which they will be answered. */
  readonly #waiting = new Map<string, Ask>();
  readonly #answer: (viewer: string, inquiry: Inquiry) => Promise<Float32Array>;
  readonly #reply: (viewer: string, reply: Reply) => void;
  readonly #report: (error: unknown) => ErrorReport;
  #answering = false;

  constructor(
    answer: (viewer: string, inquiry: Inquiry) => Promise<Float32Array>,
    reply: (viewer: string, reply: Reply) => void,
    report: (error: unknown) => ErrorReport,
  ) {
    this.#answer = answer;
    this.#reply = reply;
    this.#report = report;
  }

  ask(viewer: string, ask: Ask): void {
    const overtaken = this.#waiting.get(viewer);
    this.#waiting.set(viewer, ask);
    if (overtaken) this.#refuse(viewer, overtaken, new OvertakenError());
    void this.#answerAll();
  }

  /** A viewer has left: nobody waits for its answers. */
  forget(viewer: string): void {
    this.#waiting.delete(viewer);
  }

  async #answerAll(): Promise<void> {
    if (this.#answering) return;
    this.#answering = true;
    for (let next = this.#next(); next; next = this.#next()) {
      const [viewer, ask] = next;
      this.#waiting.delete(viewer);
      try {
        const packed = await this.#answer(viewer, ask.inquiry);
        this.#reply(viewer, { kind: 'answer', ask: ask.id, packed });
      } catch (error) {
        this.#refuse(viewer, ask, error);
      }
    }
    this.#answering = false;
  }

  #next(): [string, Ask] | undefined {
    return this.#waiting.entries().next().value;
  }

  #refuse(viewer: string, { id }: Ask, error: unknown): void {
    this.#reply(viewer, { kind: 'refusal', ask: id, error: this.#report(error) });
  }
}

/** Another inquiry of the same viewer has come meanwhile. */
class OvertakenError extends ProtocolError {
  constructor() {
    super('busy', 'inquiry: another one has taken its place; ask again');
  }
}
