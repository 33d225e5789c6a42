import { batch, effect } from '@preact/signals';
import type { App } from '../../app.ts';
import { isLane, LANES } from '../../shared/lanes/lanes.ts';
import { boundsOf, nearestPlace, type Place, placesOf } from '../../shared/tasks/placing.ts';
import { taskOf } from '../../shared/tasks/stage-tasks.ts';
import {
  createStage,
  type DragPhase,
  NO_INSETS,
  PATH_COLORS,
  POLICY_ACCENTS,
  SUCCESS_COLOR,
  type ViewRect,
} from '../../stage/index.ts';
import { t } from '../../texts.ts';
import { DEMO_VIEW, DemoView } from '../demos/demo-view.ts';
import { HeldHand } from '../record/held-hand.ts';
import { RECORD_VIEW, RecordView } from '../record/record-view.ts';
import { canTakeOver } from '../record/take-over.ts';
import type { Clearance } from './clearance.ts';
import { regionsOf } from './coverage.ts';
import { FrameMeter } from './frame-meter.ts';
import { LiveViews, startOf } from './live-views.ts';

/**
 * Above and below a picture in which a person leads the arm, CSS px: what is asked for, steps and a notice of
 * two lines; two rows of buttons with room for the words on the table above them. Not measured: notices come
 * and go, and nothing may move under the hand.
 */
const LED_INSETS = { top: 140, bottom: 170, left: 0 } as const;
/** A shorter drag was a click, m. */
const SHORTEST_DRAG = 0.003;

export interface StageBinding {
  /** Where a world point (m) appears in a view, CSS px from the container's corner. */
  screenPosition(view: string, point: ArrayLike<number>): { x: number; y: number } | null;
  dispose(): void;
}

export interface BindingOptions {
  onLayout(rects: readonly ViewRect[]): void;
  /** Told when the browser takes the picture's memory away, and when it is drawn again. */
  onPicture(drawn: boolean): void;
  /** How much of the views is written over. */
  readonly clearance: Clearance;
  /** Once: every view shows something of its episode. */
  onFirstFrame(): void;
  /** After each frame in which the picture may have changed. */
  onFrame(): void;
  /** The quality may be lowered where drawing is slow. */
  readonly adaptive: boolean;
}

/**
 * Couples the three-dimensional stage to the page's stores, in both directions.
 *
 * @throws StageError where the browser has no WebGL 2
 */
export function bindStage(
  container: HTMLElement,
  app: App,
  { onLayout, onPicture, clearance, onFirstFrame, onFrame, adaptive }: BindingOptions,
): StageBinding {
  const { settings, view, player, session, cast, recording, viewer, datasets, runs } = app;
  const views = [
    ...LANES.map((id) => ({ id: id as string, title: t.peek().chooser.view(Number(id)) })),
    { id: RECORD_VIEW, title: t.peek().record.title },
    { id: DEMO_VIEW, title: t.peek().demos.title },
  ];
  const stage = createStage(container, views, {
    quality: view.quality.peek(),
    reducedMotion: view.reducedMotion.peek(),
    onLayout(rects) {
      clearance.width.value = container.clientWidth;
      onLayout(rects);
    },
    onPicture,
    onSettled: markDrawn,
    isSwiped: () => view.isSwiped() && !viewer.onStage.peek(),
  });
  view.pictures.value = stage;
  const live = new LiveViews(stage, player, view.ghosts);
  const recorder = new RecordView(stage, recording);
  const hand = new HeldHand(app, stage, () => live.forget());
  const demos = new DemoView(stage, viewer);
  const startNow = () => ({
    task: settings.task.peek(),
    seed: settings.seed.peek(),
    episode: settings.episode.peek(),
  });
  /** Where the objects lie at the start of the episode, or of the next one. */
  const startPlaces = (): readonly Place[] =>
    settings.objects.peek() ??
    placesOf(player.current?.info.objects ?? startOf(startNow()).objects);

  /** Where the ball was when it was taken, m. */
  let taken: readonly [number, number] = [0, 0];
  /** The episode in which the ball was dropped: until the next, it lies where it was put. */
  let dropped: unknown = null;
  for (const id of [RECORD_VIEW, DEMO_VIEW]) stage.setAccent(id, SUCCESS_COLOR);
  const disposals = [
    ...LANES.map((lane) =>
      effect(() => {
        const { name } = cast.of(lane);
        stage.setAccent(lane, name ? POLICY_ACCENTS[name] : PATH_COLORS.undecided);
      }),
    ),
    ...LANES.map((lane) =>
      effect(() => {
        const { scene } = taskOf(settings.task.value);
        const source = settings.lanes[lane].value?.policy;
        const hulls = regionsOf(source, datasets.sets.value, runs.all.value ?? []);
        // Of a policy of another task, as between two settings, there is nothing to show.
        const regions = hulls.length === scene.objects.length ? hulls : [];
        stage.setRegions(
          lane,
          regions.map((corners, i) => ({ corners, color: scene.objects[i].colour })),
        );
      }),
    ),
    ...LANES.map((lane) => effect(() => stage.setNoised(lane, view.noised.value[lane]))),
    effect(() => {
      const { scene } = taskOf(settings.task.value);
      for (const lane of LANES) {
        stage.setScene(lane, scene);
        stage.setFan(lane, []);
        stage.setGhosts(lane, []);
        stage.clearTrail(lane);
      }
      for (const id of [RECORD_VIEW, DEMO_VIEW]) stage.setScene(id, scene);
      live.preview([RECORD_VIEW, DEMO_VIEW], { ...startNow(), objects: null });
      recorder.forget();
      demos.forget();
      live.preview(LANES, { ...startNow(), objects: settings.objects.peek() });
    }),
    effect(() => {
      const { placing } = taskOf(settings.task.value);
      if (viewer.onStage.value) {
        stage.disableObjectDrag();
        stage.disableHandGrab();
        return;
      }
      stage.enableObjectDrag(onDrag, boundsOf(placing), (x, y, index) => {
        const all = view.recording.peek() ? recorder.places() : startPlaces();
        const others = all.filter((_, i) => i !== index);
        return nearestPlace(placing, x, y, others);
      });
      // After the objects: one that lies in the hand is taken first.
      if (view.recording.value) {
        stage.disableHandGrab();
        return;
      }
      stage.enableHandGrab(
        (lane, offset, phase) => {
          if (isLane(lane)) hand.move(lane, offset, phase);
        },
        (lane) => isLane(lane) && !view.embedded.peek() && canTakeOver(app, lane),
      );
    }),
    effect(() => stage.setQuality(view.quality.value)),
    effect(() => stage.setReducedMotion(view.reducedMotion.value)),
    effect(() => {
      const { modes } = taskOf(settings.task.value);
      stage.setWayLabels(
        modes.map(({ label, colour }) => ({ word: t.value.table[label], color: colour })),
      );
    }),
    effect(() => stage.setCamera(view.camera.value)),
    // The recorder has a picture of its own, with room around it.
    effect(() => {
      if (view.recording.value) stage.setInsets(view.narrow.value ? NO_INSETS : LED_INSETS);
      else stage.setInsets(viewer.onStage.value ? NO_INSETS : clearance.withCaption.value);
    }),
    effect(() => {
      if (viewer.onStage.value) demos.drawPaths();
    }),
    effect(() => {
      if (view.recording.value) {
        stage.showViews([RECORD_VIEW]);
        recorder.open();
        return () => recorder.close();
      }
      if (viewer.onStage.value) {
        stage.showViews([DEMO_VIEW]);
        return undefined;
      }
      const focus = view.focus.value;
      stage.showViews(focus ? [focus] : LANES);
      return undefined;
    }),
  ];

  function onDrag(x: number, y: number, phase: DragPhase, index: number): void {
    if (view.recording.peek()) {
      if (phase === 'end') recording.place(x, y, index);
      return;
    }
    if (phase === 'start') {
      taken = [x, y];
      view.dragging.value = true;
    }
    if (phase !== 'end') return;
    batch(() => {
      view.dragging.value = false;
      if (Math.hypot(x - taken[0], y - taken[1]) < SHORTEST_DRAG) return;
      player.live();
      settings.objects.value = startPlaces().map((place, i) => (i === index ? [x, y] : place));
      view.hasDragged.value = true;
      dropped = player.current;
    });
  }

  /** Writes on the container which moment its picture shows: nothing while another is due. */
  function markDrawn(settled: boolean): void {
    if (settled) {
      const shown = viewer.onStage.peek() ? demos : live;
      container.dataset.drawn = shown.seconds.toFixed(1);
    } else delete container.dataset.drawn;
  }

  /** @returns whether every view on the stage shows something of an episode */
  function drawLive(seconds: number): boolean {
    player.tick(seconds);
    if (hand.draw()) return false;
    if (view.dragging.peek() || (dropped !== null && dropped === player.current)) return false;
    const drawn = live.draw();
    return drawn.length > 0 && drawn.length >= session.lanes.peek().length;
  }

  /** Frames of the stage when there was first something to show in all views. */
  let filled: number | null = null;
  let announced = false;
  let last: number | null = null;
  let request = 0;
  const meter = new FrameMeter();

  function frame(now: number): void {
    request = requestAnimationFrame(frame);
    const seconds = last === null ? 0 : (now - last) / 1000;
    last = now;
    if (adaptive && view.quality.peek() === 'high' && meter.isSlow(seconds)) {
      view.quality.value = 'low';
    }
    const { frames: before } = stage.stats();
    if (viewer.onStage.peek()) demos.draw(seconds * settings.speed.peek());
    else if (view.recording.peek() ? recorder.draw() : drawLive(seconds)) {
      // Given to the stage now, drawn by it at once or in its own next frame.
      filled ??= before;
      if (!announced && stage.stats().frames > filled) {
        announced = true;
        onFirstFrame();
      }
    }
    onFrame();
  }
  request = requestAnimationFrame(frame);

  return {
    screenPosition: (id, point) => stage.screenPosition(id, point),
    dispose() {
      cancelAnimationFrame(request);
      view.pictures.value = null;
      for (const dispose of disposals) dispose();
      stage.dispose();
    },
  };
}
