import { effect, type ReadonlySignal, signal } from '@preact/signals';
import type { Player } from '../../features/watch/playback/player.ts';

/** How long the time must have stood still before the address says so, ms: browsers bound its changes. */
const SETTLES = 250;

/** The control step at which the player stands still, as the address has it; null while it plays. */
export function momentOf(player: Player): ReadonlySignal<number | null> {
  const moment = signal<number | null>(null);
  effect(() => {
    const stop = player.stop.value;
    // On its way there, the address says where to.
    const wanted = typeof stop === 'number' ? stop : standing(player);
    if (wanted === null || typeof stop === 'number') {
      moment.value = wanted;
      return undefined;
    }
    const timer = setTimeout(() => {
      moment.value = wanted;
    }, SETTLES);
    return () => clearTimeout(timer);
  });
  return moment;
}

/** @returns null while it plays, and where there is nothing to see yet */
export function standing(player: Player): number | null {
  if (player.playing.value || player.track.value === null) return null;
  return Math.round(player.position.value);
}
