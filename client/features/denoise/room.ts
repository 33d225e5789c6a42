import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { App } from '../../app.ts';
import { LANES, type LaneId, type PerLane, perLane } from '../../shared/lanes/lanes.ts';
import type { NoisedPaths } from '../../stage/index.ts';
import { createAsker } from './asker.ts';
import { createDenoising, type DenoisingState } from './denoising-state.ts';
import type { NoisePoint } from './noise-map.ts';
import { sceneAt, turnedScene } from './noised-scene.ts';
import { startOtherNoise } from './other-noise.ts';
import { createTurning, type TurningState } from './turning-state.ts';

/** The state of the room while it is open. */
export interface DenoiseRoom {
  readonly denoising: DenoisingState;
  readonly turning: TurningState;
  /** The view whose calls and noise can be changed. */
  readonly lane: ReadonlySignal<LaneId>;
  /** Views that act, in their order. */
  readonly lanes: ReadonlySignal<readonly LaneId[]>;
  /** Whether a lane's plans come out of noise. */
  drawsNoise(lane: LaneId): boolean;
  choose(lane: LaneId): void;
  /** Shows a share of the way from noise to the plan. */
  scrub(progress: number): void;
  turn(to: NoisePoint): void;
  home(): void;
  /** The same start with other noise, held as soon as its first plans are there. */
  drawOther(): void;
  dispose(): void;
}

/**
 * @param app whose player it follows and whose views it draws in
 * @param still nothing plays by itself
 */
export function createRoom(app: App, still: boolean): DenoiseRoom {
  const { cast, connection, player, session, settings, view } = app;
  const asker = createAsker(connection);
  const denoising = createDenoising(asker, player);
  const turning = createTurning(asker);
  /** What was touched last decides what the chosen view shows. */
  const turned = signal(false);
  const lanes = computed(() =>
    LANES.filter((lane) => player.track.value?.lanes.includes(lane) && session.info(lane) !== null),
  );
  const drawsNoise = (lane: LaneId) => {
    const { name, oneAnswer } = cast.of(lane);
    return name !== null && !oneAnswer;
  };
  const lane = computed(() => {
    const chosen = view.denoise.value;
    if (chosen && lanes.value.includes(chosen)) return chosen;
    return lanes.value.find(drawsNoise) ?? lanes.value[0] ?? LANES[0];
  });

  function sceneOf(each: LaneId): NoisedPaths | null {
    const task = settings.task.value;
    const shown = denoising.denoisings[each].value;
    const plan = turning.turned.value;
    if (turned.value && plan && each === lane.value) {
      const last = shown?.stations.at(-1)?.paths ?? null;
      const acted = last && shown ? last.subarray(0, last.length / shown.modes.length) : null;
      return turnedScene(plan, acted, task);
    }
    // One answer stays what it is in the fan.
    if (!drawsNoise(each)) return null;
    return shown && sceneAt(shown, denoising.progress.value, task);
  }

  // Read by themselves: what else is told of who acts is no reason to start over.
  const turnable = computed(() =>
    drawsNoise(lane.value) ? denoising.moments[lane.value].value : null,
  );
  const calls = computed(() => denoising.calls[lane.value].value);
  let greeted = still;
  const disposals = [
    effect(() => {
      const scenes: PerLane<NoisedPaths | null> = perLane(sceneOf);
      view.noised.value = scenes;
    }),
    effect(() => {
      turned.value = false;
      void turning.show(turnable.value, calls.value);
    }),
    effect(() => {
      if (greeted || denoising.denoisings[lane.value].value === null) return;
      greeted = true;
      denoising.play();
    }),
  ];
  if (still) denoising.progress.value = 1;

  return {
    denoising,
    turning,
    lane,
    lanes,
    drawsNoise,
    choose(next) {
      view.denoise.value = next;
    },
    scrub(progress) {
      batch(() => {
        turned.value = false;
        denoising.playing.value = false;
        denoising.progress.value = progress;
      });
    },
    turn(to) {
      turned.value = true;
      void turning.turn(to);
    },
    home() {
      turned.value = true;
      void turning.home();
    },
    drawOther() {
      startOtherNoise(app);
    },
    dispose() {
      for (const dispose of disposals) dispose();
      denoising.dispose();
      void turning.show(null);
      view.noised.value = perLane(() => null);
    },
  };
}

const RoomContext = createContext<DenoiseRoom | null>(null);
export const RoomProvider = RoomContext.Provider;

/** The room's state, within its views. */
export function useRoom(): DenoiseRoom {
  const room = useContext(RoomContext);
  if (!room) throw new Error('useRoom: expected a RoomProvider above');
  return room;
}
