import { explainFrame, type FrameProblem, toFloats } from '../../../server/protocol/frames.ts';
import type { ErrorReport } from '../../../server/protocol/index.ts';
import { modesOf } from '../../shared/tasks/modes.ts';
import type { Track } from './playback/track.ts';

/**
 * What a message shows of the episode under way.
 *
 * @param refuse told of one that another version of the server has sent
 * @returns null for one that shows nothing of it
 */
export function readMessage<T extends object>(
  packed: ArrayBuffer,
  track: Track | null,
  unpack: (numbers: Float32Array, modes: number) => T | FrameProblem,
  refuse: (report: ErrorReport) => void,
): T | null {
  const numbers = toFloats(packed);
  if (!numbers || !track) return null;
  const unpacked = unpack(numbers, modesOf(track.info.task).length);
  if (typeof unpacked === 'object') return unpacked;
  if (unpacked !== 'malformed') refuse({ code: 'damaged', message: explainFrame(unpacked) });
  return null;
}
