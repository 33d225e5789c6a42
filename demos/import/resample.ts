import { MOST_FRAMES } from '../store/facts.ts';
import { quoted, refusal } from './refusal.ts';
import { ROLES, type Role } from './roles.ts';
import type { RawEpisode } from './runs.ts';

/** Share of a control period by which a frame may miss its time. */
const TOLERANCE = 0.05;
/** So many different values and no more: open or closed. */
const DISCRETE = 2;

/**
 * Makes sure that frames stand a control period apart.
 *
 * @throws DatasetError 'damaged' where they drift
 */
export function checkTimes({ index, times }: RawEpisode, hz: number): void {
  const bad = firstDrift(times, hz);
  if (bad < 0) return;
  throw refusal(`timestamp of episode ${index}`, {
    expected: `frame ${bad} ${(bad / hz).toFixed(4)} s after its beginning (${hz} Hz)`,
    got: `${(times[bad] - times[0]).toFixed(4)} s`,
    cure: '--resample reads what stands at each control step between them',
  });
}

/** The first frame that misses its time; −1 without. */
export function firstDrift(times: readonly number[], hz: number): number {
  return times.findIndex((time, i) => !(Math.abs(time - times[0] - i / hz) * hz <= TOLERANCE));
}

/**
 * An episode at another rate, by its timestamps: what is continuous between the two frames in
 * proportion; a gripper that is open or closed, and what is flagged, as in the nearest frame.
 *
 * @throws DatasetError 'damaged' where time does not go on, or goes on for too long
 */
export function resample(raw: RawEpisode, hz: number): RawEpisode {
  const { index, times } = raw;
  const back = times.findIndex((time, i) => i > 0 && !(time > times[i - 1]));
  if (back >= 0) {
    throw refusal(`timestamp of episode ${index}`, {
      expected: `more than ${times[back - 1]} s in frame ${back}`,
      got: `${quoted(String(times[back]))}`,
      cure: 're-record the episode, or delete it with LeRobot',
    });
  }
  const last = times[times.length - 1] - times[0];
  const frames = Math.floor(last * hz + TOLERANCE) + 1;
  if (frames > MOST_FRAMES) {
    throw refusal(`timestamp of episode ${index}`, {
      expected: `at most ${MOST_FRAMES} frames at ${hz} Hz`,
      got: `${frames}`,
      cure: 'split it where it was recorded, or delete it with LeRobot',
    });
  }
  const places = placesOf(times, frames, hz);
  const by = (values: Float64Array) => interpolate(values, times.length, places);
  const { numbers, command, intervention } = raw;
  return {
    ...raw,
    frames,
    times: Array.from({ length: frames }, (_, i) => i / hz),
    numbers: Object.fromEntries(ROLES.map((role) => [role, by(numbers[role])])) as Record<
      Role,
      Float64Array
    >,
    command: command && by(command),
    intervention:
      intervention && Uint8Array.from(places, (place) => intervention[Math.round(place)]),
  };
}

/** Of each control step, where it lies among the frames: 2.25 is a quarter of the way from 2 to 3. */
function placesOf(times: readonly number[], frames: number, hz: number): number[] {
  let below = 0;
  return Array.from({ length: frames }, (_, k) => {
    const time = times[0] + k / hz;
    while (below < times.length - 2 && times[below + 1] <= time) below++;
    if (times.length < 2) return 0;
    const share = (time - times[below]) / (times[below + 1] - times[below]);
    return below + Math.min(1, Math.max(0, share));
  });
}

function interpolate(values: Float64Array, rows: number, places: readonly number[]): Float64Array {
  const width = values.length / rows;
  const flat = new Float64Array(places.length * width);
  for (let i = 0; i < width; i++) {
    const nearest = isDiscrete(values, width, i);
    for (const [k, place] of places.entries()) {
      const below = nearest ? Math.round(place) : Math.floor(place);
      const above = Math.min(below + 1, rows - 1);
      const from = values[below * width + i];
      const share = nearest ? 0 : place - below;
      flat[k * width + i] = from + share * (values[above * width + i] - from);
    }
  }
  return flat;
}

function isDiscrete(values: Float64Array, width: number, component: number): boolean {
  const seen = new Set<number>();
  for (let at = component; at < values.length && seen.size <= DISCRETE; at += width) {
    seen.add(values[at]);
  }
  return seen.size <= DISCRETE;
}
