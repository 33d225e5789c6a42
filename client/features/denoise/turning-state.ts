import { batch, type ReadonlySignal, signal } from '@preact/signals';
import type { ModeIndex } from '../../../server/protocol/frames.ts';
import type { ErrorReport, NoisePlane } from '../../../server/protocol/index.ts';
import { unpackNoisePlane, unpackTurned } from '../../../server/protocol/inquiry-frames.ts';
import { reportOf } from '../../shared/link/connection.ts';
import type { Asker, Slot } from './asker.ts';
import type { Moment } from './moment.ts';
import {
  between,
  CELLS,
  EMPTY_MAP,
  type Flip,
  findFlip,
  middleOf,
  type NoiseMap,
  type NoisePoint,
  narrow,
  ROW_ORDER,
  SPAN,
  withRow,
} from './noise-map.ts';

/** Times that the flip is looked for between nearer neighbours: to a 17th each. */
const ROUNDS = 3;

/** A moment, and how its plans are drawn. */
type Asked = Moment & { readonly calls?: number };

/** A plan of some noise. */
export interface TurnedPlan {
  readonly at: NoisePoint;
  readonly mode: ModeIndex;
  /** [Tp, 3] m */
  readonly path: Float32Array;
}

/** The noise of one plan, and what other noise makes of it. */
export interface TurningState {
  readonly plane: ReadonlySignal<NoisePlane | null>;
  readonly map: ReadonlySignal<NoiseMap>;
  /** Where on the line through home the plan flips, nearest to home; null while it is not known. */
  readonly flip: ReadonlySignal<(Flip & { readonly at: NoisePoint }) | null>;
  /** Where the handle is; null before there is a plane. */
  readonly handle: ReadonlySignal<NoisePoint | null>;
  /** The plan of the handle's noise, or of where it was a moment ago. */
  readonly turned: ReadonlySignal<TurnedPlan | null>;
  readonly error: ReadonlySignal<ErrorReport | null>;
  /**
   * Begins with the noise of another moment; null forgets.
   *
   * @param calls network calls a plan; null: as the lane draws
   */
  show(moment: Moment | null, calls?: number | null): Promise<void>;
  /** Moves the handle; beyond the map it stays at its edge. */
  turn(to: NoisePoint): Promise<void>;
  /** Back to the noise that acted. */
  home(): Promise<void>;
}

export function createTurning(asker: Asker): TurningState {
  const plane = signal<NoisePlane | null>(null);
  const map = signal<NoiseMap>(EMPTY_MAP);
  const flip = signal<(Flip & { readonly at: NoisePoint }) | null>(null);
  const handle = signal<NoisePoint | null>(null);
  const turned = signal<TurnedPlan | null>(null);
  const error = signal<ErrorReport | null>(null);
  let moment: Asked | null = null;

  function clear(): void {
    batch(() => {
      plane.value = null;
      map.value = EMPTY_MAP;
      flip.value = null;
      handle.value = null;
      turned.value = null;
      error.value = null;
    });
  }

  /** Ways of the plans of some noise; null where another moment is shown by then. */
  async function modesOf(of: Asked, points: readonly NoisePoint[], slot: Slot = 'map') {
    const packed = await asker.ask(slot, { kind: 'turn', ...of, points: copies(points) });
    return moment === of && packed ? (unpackTurned(packed)?.modes ?? null) : null;
  }

  async function findPlane(of: Asked): Promise<NoisePlane | null> {
    // The directions are those of the lane's own plans, however others are drawn.
    const { calls: _, ...asked } = of;
    const packed = await asker.ask('plane', { kind: 'plane', ...asked });
    if (moment !== of || !packed) return null;
    const found = unpackNoisePlane(packed);
    batch(() => {
      plane.value = found;
      handle.value = found?.home ?? null;
    });
    return found;
  }

  /** Looks along the line through home, then between ever nearer neighbours. */
  async function lookForFlip(of: Asked, [u0, v0]: NoisePoint): Promise<void> {
    const places = [SPAN, ...between(SPAN, -SPAN, CELLS - 2), -SPAN];
    const first = await modesOf(
      of,
      places.map((u): NoisePoint => [u, v0]),
    );
    let found = first && findFlip(places, first, u0);
    for (let round = 0; found && round < ROUNDS; round++) {
      const nearer = between(found.from, found.to, CELLS);
      const modes = await modesOf(
        of,
        nearer.map((u): NoisePoint => [u, v0]),
      );
      if (!modes) return;
      found = narrow(found, nearer, modes);
    }
    if (found) flip.value = { ...found, at: [(found.from + found.to) / 2, v0] };
  }

  async function fillMap(of: Asked): Promise<void> {
    for (const row of ROW_ORDER) {
      const points = Array.from({ length: CELLS }, (_, column) => middleOf(row, column));
      const modes = await modesOf(of, points);
      if (!modes) return;
      map.value = withRow(map.value, row, modes);
    }
  }

  async function turn([u, v]: NoisePoint): Promise<void> {
    const of = moment;
    const home = plane.peek()?.home;
    if (!of || !home) return;
    // At home its own coordinates, to the bit: they may lie beyond the map.
    const inside = (x: number) => Math.min(SPAN, Math.max(-SPAN, x));
    const at: NoisePoint = u === home[0] && v === home[1] ? home : [inside(u), inside(v)];
    handle.value = at;
    try {
      const inquiry = { kind: 'turn' as const, ...of, points: copies([at]), paths: true };
      const packed = await asker.ask('turn', inquiry);
      if (moment !== of || !packed) return;
      const plans = unpackTurned(packed);
      if (plans?.paths[0]) turned.value = { at, mode: plans.modes[0], path: plans.paths[0] };
    } catch (cause) {
      if (moment === of) error.value = reportOf(cause);
    }
  }

  return {
    plane,
    map,
    flip,
    handle,
    turned,
    error,
    async show(shown, calls = null) {
      const next = shown && { ...shown, ...(calls !== null && { calls }) };
      moment = next;
      clear();
      if (!next) return;
      try {
        const found = await findPlane(next);
        if (!found) return;
        await lookForFlip(next, found.home);
        await fillMap(next);
      } catch (cause) {
        if (moment === next) error.value = reportOf(cause);
      }
    },
    turn,
    async home() {
      const at = plane.peek()?.home;
      if (at) await turn(at);
    },
  };
}

function copies(points: readonly NoisePoint[]): [number, number][] {
  return points.map(([u, v]) => [u, v]);
}
