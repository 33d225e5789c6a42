import { LANES } from '../lanes.ts';
import type { App } from '../state/app.ts';
import { CAMERAS, LEFT_TABS } from '../state/url.ts';

/**
 * Shortcuts of the whole page, and those of watching while nobody records.
 *
 * @returns stops listening
 */
export function listenToShortcuts({ view, player, session }: App): () => void {
  function onDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || isTyping(event)) return;
    if (event.altKey) {
      const tab = LEFT_TABS[Number(event.code.replace('Digit', '')) - 1];
      if (tab) {
        event.preventDefault();
        view.tab.value = tab;
      }
      return;
    }
    if (event.key === '?') {
      view.help.value = !view.help.value;
      return;
    }
    if (view.recording.value || view.help.value) return;
    if (watch(event)) event.preventDefault();
  }

  function watch(event: KeyboardEvent): boolean {
    const focused = LANES[Number(event.key) - 1];
    if (focused) {
      view.focus.value = focused;
      return true;
    }
    switch (event.code) {
      case 'Space':
        if (isControl(event)) return false;
        if (player.playing.value) player.pause();
        else player.play();
        return true;
      case 'ArrowLeft':
      case 'ArrowRight': {
        const seconds = event.shiftKey ? 1 : 0.1;
        player.nudge(event.code === 'ArrowLeft' ? -seconds : seconds);
        return true;
      }
      case 'KeyL':
        player.live();
        return true;
      case 'KeyN':
        player.live();
        session.next();
        return true;
      case 'KeyR':
        player.again();
        return true;
      case 'KeyC':
        view.camera.value = CAMERAS[(CAMERAS.indexOf(view.camera.value) + 1) % CAMERAS.length];
        return true;
      case 'Digit0':
      case 'Escape':
        view.focus.value = null;
        return true;
      default:
        return false;
    }
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
