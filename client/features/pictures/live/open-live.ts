import { createLiveState, type LiveState } from './live-state.ts';
import type { FromWorker } from './messages.ts';

/** A training in a worker of its own, which is opened when one is begun. */
export interface Live {
  readonly state: LiveState;
  /** Ends the worker, in the middle of whatever it does. */
  end(): void;
}

export function openLive(): Live {
  let worker: Worker | null = null;
  const end = () => {
    worker?.terminate();
    worker = null;
  };
  const hear = (message: FromWorker) => {
    state.hear(message);
    // Another try deserves another worker.
    if (message.kind === 'failed') end();
  };
  const open = () => {
    const opened = new Worker(new URL('./live-worker.ts', import.meta.url), { type: 'module' });
    opened.onmessage = ({ data }: MessageEvent<FromWorker>) => hear(data);
    // Also where its script cannot be fetched: then there is no message.
    opened.onerror = (event) => hear({ kind: 'failed', message: event.message ?? '' });
    return opened;
  };
  const state = createLiveState((message) => {
    worker ??= open();
    worker.postMessage(message);
  });
  return { state, end };
}
