import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Denoising, ErrorReport } from '../../../server/protocol/index.ts';
import { unpackDenoising } from '../../../server/protocol/inquiry-frames.ts';
import { LANES, type LaneId, type PerLane, perLane } from '../../shared/lanes/lanes.ts';
import { reportOf } from '../../shared/link/connection.ts';
import type { Player } from '../watch/playback/player.ts';
import type { Asker } from './asker.ts';
import { type Moment, momentOf, sameMoment } from './moment.ts';

/** From noise to the plan, s. */
const DURATION = 4;

/** How the plans of what is shown came out of noise, in every view that acts. */
export interface DenoisingState {
  /** The moment is held: while the stage goes on there is none to be looked at. */
  readonly held: ReadonlySignal<boolean>;
  readonly moments: PerLane<ReadonlySignal<Moment | null>>;
  readonly denoisings: PerLane<ReadonlySignal<Denoising | null>>;
  readonly errors: PerLane<ReadonlySignal<ErrorReport | null>>;
  /** Network calls asked for in place of a lane's own; null for those. */
  readonly calls: PerLane<Signal<number | null>>;
  /** Share of the way from noise, 0, to the plan, 1. */
  readonly progress: Signal<number>;
  readonly playing: Signal<boolean>;
  /** Goes on from where it is, or from noise again. */
  play(): void;
  /** @param seconds since the last call */
  tick(seconds: number): void;
  dispose(): void;
}

export function createDenoising(asker: Asker, player: Player): DenoisingState {
  const held = computed(() => !player.following.value && player.track.value !== null);
  const shown = perLane(() => signal<Denoising | null>(null));
  const errors = perLane(() => signal<ErrorReport | null>(null));
  const calls = perLane(() => signal<number | null>(null));
  const progress = signal(0);
  const playing = signal(false);
  const moments = perLane((lane) => {
    let last: Moment | null = null;
    // The same moment again is no reason to ask again.
    return computed(() => {
      const moment = held.value ? momentOf(player, lane) : null;
      if (!sameMoment(moment, last)) last = moment;
      return last;
    });
  });

  async function ask(lane: LaneId, moment: Moment, wanted: number | null): Promise<void> {
    const current = () => moments[lane].peek() === moment && calls[lane].peek() === wanted;
    try {
      const packed = await asker.ask(`denoise-${lane}`, {
        kind: 'denoise',
        ...moment,
        ...(wanted !== null && { calls: wanted }),
      });
      if (!packed || !current()) return;
      const denoising = unpackDenoising(packed);
      batch(() => {
        shown[lane].value = denoising;
        errors[lane].value = null;
      });
    } catch (cause) {
      if (current()) errors[lane].value = reportOf(cause);
    }
  }

  const disposals = LANES.map((lane) =>
    effect(() => {
      const moment = moments[lane].value;
      const wanted = calls[lane].value;
      const { episodeId, step } = moment ?? { episodeId: -1, step: -1 };
      if (moment) void ask(lane, moment, wanted);
      return () => {
        const next = moments[lane].peek();
        if (next?.episodeId === episodeId && next.step === step) return;
        shown[lane].value = null;
        errors[lane].value = null;
      };
    }),
  );

  return {
    held,
    moments,
    denoisings: shown,
    errors,
    calls,
    progress,
    playing,
    play() {
      if (progress.value >= 1) progress.value = 0;
      playing.value = true;
    },
    tick(seconds) {
      if (!playing.value) return;
      progress.value = Math.min(1, progress.value + seconds / DURATION);
      if (progress.value >= 1) playing.value = false;
    },
    dispose() {
      for (const dispose of disposals) dispose();
    },
  };
}
