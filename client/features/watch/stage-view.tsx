import { computed, useSignal } from '@preact/signals';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { useApp } from '../../app.ts';
import { isLane, LANES } from '../../shared/lanes/lanes.ts';
import { resetSettings } from '../../shared/lanes/settings.ts';
import { canBeTold } from '../../shared/tasks/stage-tasks.ts';
import { ErrorNote } from '../../shared/widgets/error-note.tsx';
import { LinkNotes } from '../../shell/address/link-notes-door.ts';
import type { View } from '../../shell/view.ts';
import { StageError, type ViewRect } from '../../stage/index.ts';
import { t } from '../../texts.ts';
import { DemoOverlay } from '../demos/demo-overlay.tsx';
import { RecordOverlay } from '../record/record-door.ts';
import { BallHint } from './ball-hint.tsx';
import { createClearance } from './clearance.ts';
import { CurvesPanel } from './curves/curves-door.ts';
import { LaneCard } from './lane-card.tsx';
import { NoPolicy } from './no-policy.tsx';
import { Pager } from './pager.tsx';
import { PosterPlay } from './poster-play.tsx';
import { RecordedNote } from './recorded/recorded-door.ts';
import { bindStage, type StageBinding } from './stage-binding.ts';
import { StageCaption } from './stage-caption.tsx';
import { useSwipe } from './swipe.ts';
import { TellBar } from './tell-bar.tsx';
import { passTime } from './undrawn.ts';

export interface StageViewProps {
  readonly adaptive: boolean;
  onFirstFrame(): void;
}

/** The three-dimensional stage with what is written over its views. */
export function StageView({ adaptive, onFirstFrame }: StageViewProps) {
  const app = useApp();
  const container = useRef<HTMLDivElement>(null);
  const rects = useSignal<readonly ViewRect[]>([]);
  const problem = useSignal<string | null>(null);
  const binding = useSignal<StageBinding | null>(null);
  /** Counts frames, for what is laid over a moving picture. */
  const frames = useSignal(0);
  /** False while the browser has taken the picture's memory away. */
  const drawn = useSignal(true);
  const clearance = useMemo(
    () => createClearance(computed(() => app.view.focus.value !== null && !isShort(app.view))),
    [app],
  );
  const pictures = useSwipe<HTMLDivElement>();

  useEffect(() => {
    const element = container.current;
    if (!element) return undefined;
    try {
      const bound = bindStage(element, app, {
        adaptive,
        onFirstFrame,
        clearance,
        onLayout: (layout) => {
          rects.value = layout;
        },
        onPicture: (there) => {
          drawn.value = there;
        },
        onFrame: () => {
          frames.value++;
        },
      });
      binding.value = bound;
      return () => bound.dispose();
    } catch (error) {
      if (!(error instanceof StageError)) throw error;
      problem.value = t.peek().stage.noWebgl;
      return passTime((seconds) => app.player.tick(seconds));
    }
  }, [app, adaptive, onFirstFrame, rects, problem, binding, frames, drawn, clearance]);

  const { offers, session, settings, view, viewer } = app;
  const demonstrating = viewer.onStage.value;
  // Something else than the policies is on the stage.
  const recording = view.recording.value;
  const others = recording || demonstrating;
  const told = canBeTold(settings.task.value);
  const empty = offers.told.value && LANES.every((lane) => settings.lanes[lane].value === null);
  // The same once more would be refused once more.
  const refused = session.error.value?.code === 'invalid-request';
  return (
    <main class="stage" aria-label={t.value.stage.label} tabIndex={-1} id="stage">
      {view.ignored.value.length > 0 && <LinkNotes ignored={view.ignored} />}
      {view.recorded.value && <RecordedNote />}
      {!others && told && !empty && <TellBar />}
      <div class="stage-pictures" ref={pictures}>
        <div class="stage-canvas" ref={container} />
        <div class={`stage-overlay ${clearance.beside.value ? 'beside' : ''}`}>
          {rects.value.map((rect) =>
            isLane(rect.id) && !empty ? (
              <LaneCard key={rect.id} lane={rect.id} rect={rect} clearance={clearance} />
            ) : null,
          )}
          {!others && !empty && <StageCaption rects={rects.value} clearance={clearance} />}
          {!others && !empty && <PosterPlay />}
          {recording && <RecordOverlay />}
          {demonstrating && <DemoOverlay />}
          {!others && !empty && drawn.value && binding.value && (
            <BallHint binding={binding.value} frames={frames} view={rects.value.at(-1) ?? null} />
          )}
        </div>
        {!others && empty && <NoPolicy />}
        {!drawn.value && <PictureLost />}
        {problem.value && <ErrorNote message={problem.value} testid="stage-webgl" />}
        {!others && session.error.value && (
          <div class="stage-problem" role="alert" data-testid="stage-error">
            <h3>{refused ? t.value.stage.refused : t.value.stage.stopped}</h3>
            <p>{session.error.value.message}</p>
            <button
              type="button"
              class="primary"
              onClick={() =>
                refused ? resetSettings(app.settings, app.cast.first.value) : session.restart()
              }
            >
              {refused ? t.value.sampling.reset : t.value.retry}
            </button>
          </div>
        )}
      </div>
      {view.narrow.value && !others && !empty && <Pager />}
      {!others && !empty && view.curves.value && <CurvesPanel />}
    </main>
  );
}

/** A phone shares the height of its picture with an open panel. */
function isShort({ narrow, tab, side }: View): boolean {
  return narrow.value && (tab.value !== null || side.value !== null);
}

/** Over the views while the browser keeps the memory that they are drawn in. */
function PictureLost() {
  const text = t.value.picture;
  return (
    <div class="stage-problem" role="alert" data-testid="stage-picture-lost">
      <h3>{text.lost}</h3>
      <p>{text.waits}</p>
      <p>{text.reload}</p>
    </div>
  );
}
