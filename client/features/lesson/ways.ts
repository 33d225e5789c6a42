/** Points with their ways, as `LivePaths` gives them. */
export interface Ways {
  /** [stations, count, 2] */
  readonly stations: Float32Array;
  readonly count: number;
}

/** Where all points are in one moment of their ways, [count, 2]. */
export function placesAt({ stations, count }: Ways, progress: number): Float32Array {
  const legs = stations.length / (2 * count) - 1;
  const reached = Math.min(1, Math.max(0, progress)) * legs;
  const station = Math.min(legs - 1, Math.floor(reached));
  const part = reached - station;
  const from = stations.subarray(2 * count * station, 2 * count * (station + 1));
  const to = stations.subarray(2 * count * (station + 1), 2 * count * (station + 2));
  return from.map((place, i) => place + part * (to[i] - place));
}

/**
 * The corners of all ways between two moments, ends included: each point goes from station to
 * station in equal times, in straight lines.
 *
 * @returns [moments, count, 2] in the order of time
 */
export function placesBetween(ways: Ways, from: number, to: number): Float32Array[] {
  const { stations, count } = ways;
  const legs = stations.length / (2 * count) - 1;
  const corners: Float32Array[] = [placesAt(ways, from)];
  for (let station = Math.floor(from * legs) + 1; station < to * legs; station++) {
    corners.push(stations.subarray(2 * count * station, 2 * count * (station + 1)));
  }
  corners.push(placesAt(ways, to));
  return corners;
}
