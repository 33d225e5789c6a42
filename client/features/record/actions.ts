import type { RecordAction } from './record-action.ts';
import type { RecordStore } from './record-store.ts';

/** Does what a key or a button of a gamepad stands for. */
export function act(store: RecordStore, action: RecordAction): void {
  const phase = store.phase.value;
  switch (action) {
    case 'grip':
      if (phase !== 'done') store.take()?.toggleGripper();
      break;
    case 'redo':
      store.redo();
      break;
    case 'discard':
      if (phase !== 'ready' || store.taken.value) store.discard();
      break;
    case 'undo':
      store.undo();
      break;
    case 'save':
      if (store.keeps) store.save();
      break;
    case 'save-failed':
      store.saveFailed();
      break;
    case 'go-on':
      void store.goOn.run();
      break;
    case 'enter':
      if (phase === 'ready') store.start();
      else if (phase !== 'done') store.finish();
      else if (store.keeps) store.save();
  }
}
