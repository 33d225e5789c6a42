import { INVALID, type ModeIndex } from '../../../server/protocol/frames.ts';
import type { Denoising, Station } from '../../../server/protocol/index.ts';
import { TASKS } from '../../../sim/tasks/index.ts';
import { PATH_COLORS } from '../../shared/colors.ts';
import type { NoisedPaths } from '../../stage/index.ts';

/** Earlier states that stay visible behind the one that is shown. */
const SKINS = 3;
/** Share of the way from which on beads are joined to paths. */
const STRUNG_FROM = 0.6;

/** sRGB hex of a way past the obstacles. */
export function colorOf(task: string, mode: ModeIndex): number {
  const known = TASKS.find(({ name }) => name === task)?.modes[mode]?.colour;
  return known ?? (mode === INVALID ? PATH_COLORS.invalid : PATH_COLORS.undecided);
}

/** Place of the station that is nearest to a share of the way from noise, 0, to the plan, 1. */
export function stationAt({ stations, calls }: Denoising, progress: number): number {
  const away = ({ call }: Station) => Math.abs(call - progress * calls);
  return stations.reduce((best, each, i) => (away(each) < away(stations[best]) ? i : best), 0);
}

/** What a view shows of its plans at a share of the way. */
export function sceneAt(denoising: Denoising, progress: number, task: string): NoisedPaths {
  const { stations, modes, calls } = denoising;
  const at = stationAt(denoising, progress);
  const { call, estimates } = stations[at];
  const done = call / calls;
  return {
    futures: modes.map((mode, i) => ({ color: colorOf(task, mode), chosen: i === 0 })),
    layers: stations.slice(Math.max(0, at - SKINS), at + 1).map(({ paths }) => paths),
    strung: Math.max(0, (done - STRUNG_FROM) / (1 - STRUNG_FROM)),
    lead: call < calls ? estimates.subarray(0, estimates.length / modes.length) : null,
  };
}

/** A plan of other noise, and beside it, thin and grey, the one that acted. */
export function turnedScene(
  turned: { readonly mode: ModeIndex; readonly path: Float32Array },
  acted: Float32Array | null,
  task: string,
): NoisedPaths {
  const beside = acted?.length === turned.path.length ? acted : null;
  return {
    futures: [
      { color: colorOf(task, turned.mode), chosen: true },
      ...(beside ? [{ color: PATH_COLORS.undecided, chosen: false }] : []),
    ],
    layers: [beside ? Float32Array.from([...turned.path, ...beside]) : turned.path],
    strung: 1,
    lead: null,
  };
}

/** How many estimates point which way, and how many of them where they will end. */
export function pointingOf(
  { modes }: Pick<Denoising, 'modes'>,
  { estimatedModes }: Station,
): { readonly counts: ReadonlyMap<ModeIndex, number>; readonly settled: number } {
  const counts = new Map<ModeIndex, number>();
  for (const mode of estimatedModes) counts.set(mode, (counts.get(mode) ?? 0) + 1);
  return { counts, settled: estimatedModes.filter((mode, i) => mode === modes[i]).length };
}
