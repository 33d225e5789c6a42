import { cssColor, SURFACE_COLORS } from '../../../shared/colors.ts';
import type { LaneId } from '../../../shared/lanes/lanes.ts';
import type { Stage } from '../../../stage/index.ts';

/** What a view's picture is taken from. */
export type Pictures = Pick<Stage, 'copyView' | 'onDrawn' | 'viewRect'>;

/** What is written under a picture: whose it is, and which start and moment. */
export type Legend = () => readonly [who: string, where: string];

/** Of a picture's width; and the smallest, device px. */
const TEXT_SHARE = 0.032;
const LEAST_TEXT = 11;
const TEXT = '#f2f5f9';
const SOFT = '#aab6c5';
const GROUND = cssColor(SURFACE_COLORS.surface);

/** Draws a view with its legend under it. */
export function paintPicture(
  pictures: Pictures,
  lane: LaneId,
  { legend, view, whole }: { legend: Legend; view: HTMLCanvasElement; whole: HTMLCanvasElement },
): void {
  const from = view.getContext('2d');
  const into = whole.getContext('2d');
  if (!from || !into) throw new Error('this browser has no 2D canvas');
  pictures.copyView(lane, from);
  const { width, height } = view;
  const size = Math.max(LEAST_TEXT, Math.round(TEXT_SHARE * width));
  const strip = Math.round(3.6 * size);
  // Setting a size empties a canvas, and ends a recording of it in some browsers.
  if (whole.width !== width || whole.height !== height + strip) {
    whole.width = width;
    whole.height = height + strip;
  }
  into.fillStyle = GROUND;
  into.fillRect(0, height, width, strip);
  into.drawImage(view, 0, 0);
  legend().forEach((line, i) => {
    into.font = `${i === 0 ? 600 : 400} ${size}px system-ui, sans-serif`;
    into.fillStyle = i === 0 ? TEXT : SOFT;
    into.fillText(line, size, height + Math.round((1.4 + 1.4 * i) * size), width - 2 * size);
  });
}

/**
 * A view's picture as it is now, as PNG.
 *
 * @throws Error where the browser cannot encode it
 */
export async function takePicture(pictures: Pictures, lane: LaneId, legend: Legend): Promise<Blob> {
  const [view, whole] = [document.createElement('canvas'), document.createElement('canvas')];
  paintPicture(pictures, lane, { legend, view, whole });
  const png = await new Promise<Blob | null>((done) => whole.toBlob(done, 'image/png'));
  if (!png) throw new Error('this browser could not encode the picture');
  return png;
}
