import { batch } from '@preact/signals';
import type { App } from '../../app.ts';
import { drawOtherNoise } from '../../shared/lanes/settings.ts';

/** The same start with other noise; held at its first plans while one looks at how plans come about. */
export function startOtherNoise({
  player,
  settings,
  view,
}: Pick<App, 'player' | 'settings' | 'view'>): void {
  batch(() => {
    player.live();
    drawOtherNoise(settings);
    const held = view.side.value === 'denoise';
    view.denoise.value = { ...view.denoise.peek(), wanted: held ? 0 : null };
  });
}
