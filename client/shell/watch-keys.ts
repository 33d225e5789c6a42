import type { App } from '../app.ts';
import { demoKey } from '../features/demos/demo-keys.ts';
import { shortcutOf } from './watch-shortcuts.ts';

/**
 * Shortcuts of the whole page, and those of watching, outside the recorder.
 *
 * @returns stops listening
 */
export function listenToShortcuts(app: App): () => void {
  const { view } = app;

  function onDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || isTyping(event)) return;
    const onControl = event.code === 'Space' && isControl(event);
    if (app.viewer.onStage.value && !view.help.value && !onControl && demoKey(app.viewer, event)) {
      event.preventDefault();
      return;
    }
    const found = shortcutOf(event);
    if (!found) return;
    const { shortcut, place } = found;
    if (!shortcut.always && (view.recording.value || view.help.value || view.sharing.value)) return;
    if (onControl) return;
    event.preventDefault();
    shortcut.run(app, place);
  }

  window.addEventListener('keydown', onDown);
  return () => window.removeEventListener('keydown', onDown);
}

function isTyping({ target }: Event): boolean {
  return target instanceof Element && target.closest('input, select, textarea') !== null;
}

/** Controls that answer to the space bar themselves. */
function isControl({ target }: Event): boolean {
  return target instanceof Element && target.closest('button, summary, a') !== null;
}
