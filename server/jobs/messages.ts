import type { ErrorReport } from '../protocol/errors.ts';
import type { Work, WorkKind } from './work-kinds.ts';

/** From parent to child. */
export type ToWorker =
  | { readonly type: 'start'; readonly kind: WorkKind; readonly input: Work[WorkKind]['input'] }
  /** As `CommandOf` its kind says. */
  | { readonly type: 'command'; readonly command: unknown }
  | { readonly type: 'stop' };

/** From child to parent. */
export type FromWorker =
  | { readonly type: 'progress'; readonly progress: unknown }
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'error'; readonly error: ErrorReport };
