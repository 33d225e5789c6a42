import type { LaneId } from '../../shared/lanes/lanes.ts';
import type { Player } from '../watch/playback/player.ts';
import { FAN_LEAD } from '../watch/playback/split.ts';
import type { Track } from '../watch/playback/track.ts';

/** The plan that acts in a lane at what is shown, as inquiries name it. */
export interface Moment {
  readonly episodeId: number;
  /** Place among the lanes of the stage. */
  readonly lane: number;
  /** Control step at which the plan was asked for. */
  readonly step: number;
}

/** Reads the player as dependencies. @returns null before a plan of the lane has come */
export function momentOf(player: Player, lane: LaneId): Moment | null {
  player.received.value;
  const track = player.track.value;
  return track && planAt(track, lane, player.position.value);
}

/** The plan in force at a control step; null where none is. */
function planAt(track: Track, lane: LaneId, position: number): Moment | null {
  const place = track.lanes.indexOf(lane);
  const fan = track.fanAt(lane, position + FAN_LEAD);
  return place < 0 || !fan ? null : { episodeId: track.info.id, lane: place, step: fan.step };
}

export function sameMoment(a: Moment | null, b: Moment | null): boolean {
  return a?.episodeId === b?.episodeId && a?.lane === b?.lane && a?.step === b?.step;
}
