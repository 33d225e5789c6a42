import type { Answer, RequestName, ServerEvents } from '../../../server/protocol/index.ts';

/** What a page without a server says to its worker. */
export type ToWorker =
  | {
      readonly kind: 'request';
      readonly id: number;
      readonly name: RequestName;
      readonly request: unknown;
      /** Numbers that came beside it, as bytes. */
      readonly beside: ArrayBuffer | null;
    }
  /** It has taken in what carried this receipt. */
  | { readonly kind: 'received'; readonly receipt: number };

/** What the worker says. */
export type FromWorker =
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer<RequestName> }
  | {
      readonly kind: 'said';
      readonly event: keyof ServerEvents;
      readonly args: readonly unknown[];
      readonly receipt: number | null;
    };
