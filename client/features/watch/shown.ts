import { type ReadonlySignal, useComputed } from '@preact/signals';
import type { Fan } from '../../../server/protocol/index.ts';
import { useApp } from '../../app.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { FAN_LEAD } from './playback/split.ts';

/** The plans that a lane's view shows now; null where there are none of its present choice. */
export function useFan(lane: LaneId): ReadonlySignal<Fan | null> {
  const { player, session } = useApp();
  return useComputed(() => {
    player.received.value;
    const track = session.info(lane) && player.track.value;
    return track?.fanAt(lane, player.position.value + FAN_LEAD) ?? null;
  });
}
