/** Joint angles beyond this from where the arm is have the last colour, rad. */
export const HEAT_REACH = 1.5;
/** The gripper's whole opening, m. */
export const GRIPPER_REACH = 0.08;

type Rgb = readonly [r: number, g: number, b: number];
const LOW: Rgb = [64, 140, 255];
const NONE: Rgb = [21, 27, 36];
const HIGH: Rgb = [255, 166, 66];

/** From one way of turning over none to the other. @param share −1 to 1 */
export function heatColor(share: number): Rgb {
  const end = share < 0 ? LOW : HIGH;
  const by = Math.min(1, Math.abs(share));
  return [0, 1, 2].map((i) => Math.round(NONE[i] + by * (end[i] - NONE[i]))) as unknown as Rgb;
}

/**
 * A chunk as pixels, time to the right and a joint a row, the gripper last: how far each joint is to
 * turn from where it is, and how far the gripper is to open or close.
 *
 * @param chunk [Tp, Da], rad and m
 * @param pose  [Da] where the arm is
 * @returns [Da, Tp, 4] RGBA
 */
export function heatMap(chunk: Float32Array, pose: Float32Array): Uint8ClampedArray<ArrayBuffer> {
  const width = pose.length;
  const steps = chunk.length / width;
  const pixels = new Uint8ClampedArray(4 * chunk.length);
  for (let t = 0; t < steps; t++) {
    for (let joint = 0; joint < width; joint++) {
      const reach = joint === width - 1 ? GRIPPER_REACH : HEAT_REACH;
      const color = heatColor((chunk[t * width + joint] - pose[joint]) / reach);
      pixels.set([...color, 255], 4 * (joint * steps + t));
    }
  }
  return pixels;
}
