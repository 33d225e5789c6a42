import { toFloats } from '../../../server/protocol/frames.ts';
import type { RequestInput } from '../../../server/protocol/index.ts';
import type { Connection } from '../../shared/link/connection.ts';

/** What inquiries are for, the most urgent first. */
const SLOTS = ['turn', 'denoise-1', 'denoise-2', 'denoise-3', 'plane', 'map'] as const;
export type Slot = (typeof SLOTS)[number];

/** Asks the stage about moments, one inquiry at a time. */
export interface Asker {
  /**
   * @returns the packed answer; null where a newer inquiry of the slot has taken its place before it
   *          was sent
   * @throws RequestError
   */
  ask(slot: Slot, inquiry: RequestInput<'stage:ask'>): Promise<Float32Array | null>;
}

interface Waiting {
  readonly inquiry: RequestInput<'stage:ask'>;
  resolve(packed: Float32Array | null): void;
  reject(cause: unknown): void;
}

export function createAsker({ request }: Pick<Connection, 'request'>): Asker {
  const waiting = new Map<Slot, Waiting>();
  let asking = false;

  async function askAll(): Promise<void> {
    if (asking) return;
    asking = true;
    for (;;) {
      const slot = SLOTS.find((each) => waiting.has(each));
      const next = slot && waiting.get(slot);
      if (!slot || !next) break;
      waiting.delete(slot);
      try {
        next.resolve(toFloats(await request('stage:ask', next.inquiry)));
      } catch (cause) {
        next.reject(cause);
      }
    }
    asking = false;
  }

  return {
    ask(slot, inquiry) {
      waiting.get(slot)?.resolve(null);
      return new Promise((resolve, reject) => {
        waiting.set(slot, { inquiry, resolve, reject });
        void askAll();
      });
    },
  };
}
