import type { ErrorReport } from '../protocol/errors.ts';
import type { ViewerCommand } from '../stage/stage-host.ts';
import type { Work, WorkKind } from './work.ts';

/** From parent to child. */
export type ToWorker =
  | { readonly type: 'start'; readonly kind: WorkKind; readonly input: Work[WorkKind]['input'] }
  | { readonly type: 'stage'; readonly command: ViewerCommand }
  | { readonly type: 'stop' };

/** From child to parent. */
export type FromWorker =
  | { readonly type: 'progress'; readonly progress: unknown }
  | { readonly type: 'result'; readonly result: unknown }
  | { readonly type: 'error'; readonly error: ErrorReport };
