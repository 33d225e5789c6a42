import type { LaneId } from '../../../shared/lanes/lanes.ts';
import { type Legend, type Pictures, paintPicture } from './picture.ts';

/** The longest clip, s: it is kept in memory until it is saved. */
export const LONGEST_CLIP = 15;

const BITS_PER_SECOND = 4_000_000;
const FRAMES_PER_SECOND = 30;
const TYPES = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm'];

/** A clip that is being recorded. */
export interface Clip {
  /** Ends it sooner. */
  stop(): void;
  /** WebM; rejects where the browser fails. */
  readonly video: Promise<Blob>;
}

/** The first kind of WebM that this browser records; null where it records none. */
export function clipType(): string | null {
  if (typeof MediaRecorder === 'undefined') return null;
  if (!('captureStream' in HTMLCanvasElement.prototype)) return null;
  return TYPES.find((type) => MediaRecorder.isTypeSupported(type)) ?? null;
}

/**
 * Records a view from now on as it is drawn, for no longer than `LONGEST_CLIP`: about 8 MB.
 *
 * @param type one that `clipType` gave
 */
export function recordClip(
  pictures: Pictures,
  lane: LaneId,
  { legend, type }: { legend: Legend; type: string },
): Clip {
  const [view, whole] = [document.createElement('canvas'), document.createElement('canvas')];
  const paint = () => {
    // While something else is on the stage, its last picture stands.
    if (pictures.viewRect(lane)) paintPicture(pictures, lane, { legend, view, whole });
  };
  paint();
  const stream = whole.captureStream(FRAMES_PER_SECOND);
  const recorder = new MediaRecorder(stream, {
    mimeType: type,
    videoBitsPerSecond: BITS_PER_SECOND,
  });
  const parts: Blob[] = [];
  const video = new Promise<Blob>((done, failed) => {
    recorder.addEventListener('dataavailable', ({ data }) => parts.push(data));
    recorder.addEventListener('stop', () => done(new Blob(parts, { type: 'video/webm' })));
    recorder.addEventListener('error', () => failed(new Error('the recording has failed')));
  });
  const release = pictures.onDrawn(paint);
  const stop = () => {
    if (recorder.state !== 'inactive') recorder.stop();
  };
  const longest = setTimeout(stop, LONGEST_CLIP * 1000);
  recorder.start();
  const clean = () => {
    clearTimeout(longest);
    release();
    for (const track of stream.getTracks()) track.stop();
  };
  video.then(clean, clean);
  return { stop, video };
}
