import { computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { type LaneId, type PerLane, perLane } from '../shared/lanes/lanes.ts';
import type { NoisedPaths, Quality, Stage } from '../stage/index.ts';
import type { Ignored } from './address/read-url.ts';
import type { Camera, LeftTab, RightTab, UrlState } from './address/url.ts';

/** A report's link to a rollout. */
export interface RecordedLink {
  /** In which it ended, as the link says. */
  readonly hash: string;
  /** What it asked for when the page was opened. */
  readonly asked: UrlState;
  /** Parts of it that were not believed. */
  readonly ignored: readonly Ignored[];
}

/** What is open, shown and said: nothing of it concerns the server. */
export interface View {
  readonly tab: Signal<LeftTab | null>;
  readonly side: Signal<RightTab | null>;
  readonly camera: Signal<Camera>;
  readonly focus: Signal<LaneId | null>;
  readonly quality: Signal<Quality>;
  readonly reducedMotion: Signal<boolean>;
  readonly help: Signal<boolean>;
  /** The tab is in the background. */
  readonly hidden: Signal<boolean>;
  /** The ball is in someone's grip. */
  readonly dragging: Signal<boolean>;
  /** Someone has dragged the ball: the invitation has been accepted. */
  readonly hasDragged: Signal<boolean>;
  /** Shown within another page: the stage and its time alone. */
  readonly embedded: Signal<boolean>;
  /** The first plans of an episode stay in the scene until it ends. */
  readonly ghosts: Signal<boolean>;
  /** The view whose curves are shown under the stage; null where they are closed. */
  readonly curves: Signal<LaneId | null>;
  /** The recorder has the stage. */
  readonly recording: ReadonlySignal<boolean>;
  /** The view whose arm a person has, from the moment they reach for it; null while policies act. */
  readonly takingOver: Signal<LaneId | null>;
  /** On a phone, what stands beside the recorder has been asked for: it takes half of its picture. */
  readonly besideRecorder: Signal<boolean>;
  /** The pictures on the stage, to be taken away; null where there are none. */
  readonly pictures: Signal<Pick<Stage, 'copyView' | 'onDrawn' | 'viewRect'> | null>;
  /** The sheet with links and pictures of the moment is open. */
  readonly sharing: Signal<boolean>;
  /** There is room for panels on both sides of the stage. */
  readonly roomy: Signal<boolean>;
  /** A phone: views are shown one at a time. */
  readonly narrow: Signal<boolean>;
  /** Whether one finger turns from view to view. */
  isSwiped(): boolean;
  /** Parts of the address that were not believed, until that has been read. */
  readonly ignored: Signal<readonly Ignored[]>;
  /** The link that the page was opened by, until what was found of it has been read; null for any other. */
  readonly recorded: Signal<RecordedLink | null>;
  /** The view that the room of noise looks at; null: the first whose plans come out of noise. */
  readonly denoise: Signal<LaneId | null>;
  /** Plans on their way out of noise, in the place of a view's futures. */
  readonly noised: Signal<PerLane<NoisedPaths | null>>;
  /** Spoken by screen readers. */
  readonly announcement: Signal<string>;
}

/** @param records whether it is possible; otherwise the recorder is there for takeovers alone */
export function createView(records = true): View {
  const tab = signal<LeftTab | null>(null);
  const side = signal<RightTab | null>('why');
  const takingOver = signal<LaneId | null>(null);
  const besideRecorder = signal(false);
  const recording = computed(
    () => tab.value === 'record' && (records || takingOver.value !== null),
  );
  const roomy = signal(true);
  const narrow = signal(false);
  shareRoom(tab, side, roomy);
  effect(() => {
    if (tab.value === 'record') return;
    takingOver.value = null;
    besideRecorder.value = false;
  });
  return {
    tab,
    side,
    camera: signal<Camera>('front'),
    focus: signal<LaneId | null>(null),
    quality: signal<Quality>('high'),
    reducedMotion: signal(false),
    help: signal(false),
    hidden: signal(false),
    dragging: signal(false),
    hasDragged: signal(false),
    embedded: signal(false),
    ghosts: signal(true),
    curves: signal<LaneId | null>(null),
    pictures: signal(null),
    sharing: signal(false),
    recording,
    takingOver,
    besideRecorder,
    roomy,
    narrow,
    isSwiped: () => narrow.peek() && !recording.peek(),
    ignored: signal<readonly Ignored[]>([]),
    recorded: signal(null),
    denoise: signal<LaneId | null>(null),
    noised: signal<PerLane<NoisedPaths | null>>(perLane(() => null)),
    announcement: signal(''),
  };
}

/**
 * Where there is room for one panel only, the one that was opened last stays; the explanations
 * come back when the work is closed.
 */
function shareRoom(
  tab: Signal<LeftTab | null>,
  side: Signal<RightTab | null>,
  roomy: ReadonlySignal<boolean>,
): void {
  let tabBefore: LeftTab | null = null;
  let sideBefore: RightTab | null = null;
  let covered: RightTab | null = null;
  effect(() => {
    const work = tab.value;
    const explanation = side.value;
    if (!roomy.value && work !== null && explanation !== null) {
      if (work === tabBefore && explanation !== sideBefore) tab.value = null;
      else {
        covered = explanation;
        side.value = null;
      }
    } else if (work === null && explanation === null && tabBefore !== null && covered !== null) {
      side.value = covered;
      covered = null;
    }
    tabBefore = tab.peek();
    sideBefore = side.peek();
  });
}
