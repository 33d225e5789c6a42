/** Between a server of these protocols and the child process that does the work: what is said back. */
import type { ErrorReport } from '../protocol/errors.ts';

export type AskedReply<Answer> =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly answer: Answer }
  | { readonly kind: 'error'; readonly id: number; readonly error: ErrorReport };
