import type { App } from '../../app.ts';
import { drawOtherNoise } from '../../shared/lanes/settings.ts';

/** The same start with other noise; held at its first plans while one looks at how plans come about. */
export function startOtherNoise({
  player,
  settings,
  view,
}: Pick<App, 'player' | 'settings' | 'view'>): void {
  if (view.side.peek() === 'denoise') player.stopAt('first plans', true);
  else player.live();
  drawOtherNoise(settings);
}
