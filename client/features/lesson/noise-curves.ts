/**
 * One component of rows of actions as the points of an SVG polyline, over the whole width.
 *
 * @param rows  [T, dim]
 * @param reach value at the upper edge; what is beyond lies on the edge
 */
export function curvePoints(
  rows: ArrayLike<number>,
  dim: number,
  component: number,
  { width, height }: { width: number; height: number },
  reach: number,
): string {
  const length = rows.length / dim;
  const points: string[] = [];
  for (let t = 0; t < length; t++) {
    const value = Math.min(reach, Math.max(-reach, rows[t * dim + component]));
    const x = length > 1 ? (t * width) / (length - 1) : width / 2;
    points.push(`${x.toFixed(2)},${(((reach - value) * height) / (2 * reach)).toFixed(2)}`);
  }
  return points.join(' ');
}
