import { ProtocolError } from '../protocol/errors.ts';
import type { Reply } from './inquiry/inquiries.ts';

interface PendingAsk {
  readonly viewer: string;
  readonly resolve: (packed: Float32Array) => void;
  readonly reject: (error: ProtocolError) => void;
}

/** What has been asked of stages and has no answer yet, by the numbers that the answers carry. */
export class PendingAsks {
  readonly #asks = new Map<number, PendingAsk>();
  #asked = 0;

  /**
   * @param send passes it on with its number
   * @throws ProtocolError as the answer says, or `reject`
   */
  ask(viewer: string, send: (id: number) => void): Promise<Float32Array> {
    const id = ++this.#asked;
    return new Promise((resolve, reject) => {
      this.#asks.set(id, { viewer, resolve, reject });
      send(id);
    });
  }

  settle(reply: Reply): void {
    const ask = this.#asks.get(reply.ask);
    this.#asks.delete(reply.ask);
    if (reply.kind === 'answer') ask?.resolve(reply.packed);
    else ask?.reject(new ProtocolError(reply.error.code, reply.error.message));
  }

  /** No answers will come. @param viewer of those asks; @default of all */
  reject(error: ProtocolError, viewer?: string): void {
    for (const [id, ask] of this.#asks) {
      if (viewer !== undefined && ask.viewer !== viewer) continue;
      this.#asks.delete(id);
      ask.reject(error);
    }
  }
}
