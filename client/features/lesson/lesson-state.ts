import {
  batch,
  computed,
  effect,
  type ReadonlySignal,
  type Signal,
  signal,
  untracked,
} from '@preact/signals';
import type { LiveField, LiveMeasures, LivePaths, Square } from '../../../policies/lesson/live.ts';
import type { Point } from '../../../policies/lesson/mixture.ts';
import {
  diffusionSteps,
  FORK_TARGET,
  MAX_OWN_POINTS,
  ownTarget,
  POINT_TARGET,
  type Target,
} from '../../../policies/lesson/target.ts';
import type { Drawing, FromWorker, PerKind, StepLosses, ToWorker } from './messages.ts';

export const TARGETS = ['point', 'fork', 'own'] as const;
export type TargetName = (typeof TARGETS)[number];

/** The parts of the plane that are shown: round the way of the worked example, round all noise. */
const SQUARES: Readonly<Record<TargetName, Square>> = {
  point: { centre: [0.5, 0.5], half: 1.4 },
  fork: { centre: [0, 0], half: 2.2 },
  own: { centre: [0, 0], half: 2.2 },
};
/** Points of one's own stay within it: samplers clip their estimates of data to ±1. */
export const REACH = 0.9;
/** Points nearer to each other than this are one. */
export const SAME_PLACE = 0.14;

/** So many presses can be taken back. */
const KEPT_MOMENTS = 12;

/** A lesson as it stood when another took its place. */
interface Moment {
  readonly targetName: TargetName;
  readonly points: readonly Point[];
  readonly target: Target | null;
  readonly seed: number;
  readonly lesson: number;
  readonly losses: readonly StepLosses[];
  readonly rate: number | null;
  readonly paths: PerKind<LivePaths> | null;
  readonly measures: LiveMeasures | null;
}

/** Arrows change so often on the way from noise to data. */
const ARROW_STOPS = 25;

/** Everything the planes show, and what can be asked of them. */
export interface LessonState {
  readonly targetName: Signal<TargetName>;
  /** Null while there is nothing to learn. */
  readonly target: ReadonlySignal<Target | null>;
  readonly square: ReadonlySignal<Square>;
  /** Points the reader dropped. */
  readonly own: ReadonlySignal<readonly Point[]>;
  readonly canUndo: ReadonlySignal<boolean>;
  /** Steps of training that the last press has set aside, and that `undo` brings back. */
  readonly setAside: ReadonlySignal<number>;
  readonly playing: Signal<boolean>;
  readonly drawing: Signal<Drawing>;
  readonly arrows: { readonly learnt: Signal<boolean>; readonly best: Signal<boolean> };
  /** So far on the way from noise to data: 0 to 1. */
  readonly progress: Signal<number>;
  /** Of each step so far. */
  readonly losses: ReadonlySignal<readonly StepLosses[]>;
  /** Steps of both a second; null before any. */
  readonly rate: ReadonlySignal<number | null>;
  readonly paths: ReadonlySignal<PerKind<LivePaths> | null>;
  readonly fields: ReadonlySignal<PerKind<LiveField> | null>;
  readonly measures: ReadonlySignal<LiveMeasures | null>;
  readonly error: ReadonlySignal<string | null>;
  /**
   * Drops a point where there is none, takes the one away that is there. Dropped on another target,
   * it is the first of one's own.
   */
  toggle(place: Point): void;
  /** Takes the last press back that began a lesson: what was trained before it resumes. */
  undo(): void;
  clear(): void;
  /** Trains from nothing, with other noise. */
  restart(): void;
  /** Takes in what the worker says. */
  hear(message: FromWorker): void;
}

/** @param tell reaches the worker that trains */
export function createLessonState(tell: (message: ToWorker) => void): LessonState {
  const targetName = signal<TargetName>('fork');
  const own = signal<readonly Point[]>([]);
  const past = signal<readonly Moment[]>([]);
  const target = computed(() => {
    if (targetName.value === 'point') return POINT_TARGET;
    if (targetName.value === 'fork') return FORK_TARGET;
    return own.value.length > 0 ? ownTarget(own.value) : null;
  });
  const square = computed(() => SQUARES[targetName.value]);
  const playing = signal(true);
  const drawing = signal<Drawing>({
    count: 48,
    diffusion: { kind: 'ddpm' },
    flow: { kind: 'euler', steps: 10 },
  });
  const arrows = { learnt: signal(true), best: signal(false) };
  const progress = signal(0);
  const stop = computed(() => Math.round(ARROW_STOPS * progress.value) / ARROW_STOPS);
  const seed = signal(0);
  const losses = signal<readonly StepLosses[]>([]);
  const rate = signal<number | null>(null);
  const paths = signal<PerKind<LivePaths> | null>(null);
  const fields = signal<PerKind<LiveField> | null>(null);
  const measures = signal<LiveMeasures | null>(null);
  const error = signal<string | null>(null);
  let lessons = 0;
  let seeds = 0;
  /** What was asked for last: what is said of an earlier lesson comes too late. */
  let now: Pick<Moment, 'targetName' | 'points' | 'target' | 'seed' | 'lesson'> | null = null;
  /** The lesson to continue with. */
  let back: Moment | null = null;

  function begin(wanted: Target | null): void {
    if (now) {
      const kept = [
        ...past.peek(),
        {
          ...now,
          losses: losses.peek(),
          rate: rate.peek(),
          paths: paths.peek(),
          measures: measures.peek(),
        },
      ];
      for (const { lesson } of kept.slice(0, -KEPT_MOMENTS)) tell({ kind: 'forget', lesson });
      past.value = kept.slice(-KEPT_MOMENTS);
    }
    now = {
      targetName: targetName.peek(),
      points: own.peek(),
      target: wanted,
      seed: seed.peek(),
      lesson: ++lessons,
    };
    show(null);
    if (wanted) tell({ kind: 'begin', lesson: now.lesson, target: wanted, seed: now.seed });
  }

  function goOnWith(moment: Moment): void {
    if (now) tell({ kind: 'forget', lesson: now.lesson });
    now = moment;
    show(moment);
    const { lesson, target, seed } = moment;
    if (target) tell({ kind: 'back', lesson, target, seed });
  }

  function show(moment: Moment | null): void {
    losses.value = moment?.losses ?? [];
    rate.value = moment?.rate ?? null;
    paths.value = moment?.paths ?? null;
    measures.value = moment?.measures ?? null;
    fields.value = null;
    error.value = null;
  }

  effect(() => {
    seed.value;
    const wanted = target.value;
    const moment = back;
    back = null;
    untracked(() => {
      batch(() => {
        if (moment) goOnWith(moment);
        else begin(wanted);
      });
    });
  });
  effect(() => tell({ kind: 'play', playing: playing.value && target.value !== null }));
  effect(() => {
    if (target.value) tell({ kind: 'draw', drawing: fitting(drawing.value, target.value) });
  });
  effect(() => {
    const shown = target.value !== null && (arrows.learnt.value || arrows.best.value);
    const request = shown ? { progress: stop.value, square: square.value } : null;
    tell({ kind: 'field', request });
    if (!shown) fields.value = null;
  });

  /** Steps made before a lesson was set aside may be told only after. */
  function noteAside(lesson: number, steps: readonly StepLosses[]): void {
    past.value = past.value.map((moment) =>
      moment.lesson === lesson ? { ...moment, losses: [...moment.losses, ...steps] } : moment,
    );
  }

  return {
    targetName,
    target,
    square,
    own,
    canUndo: computed(() => past.value.length > 0),
    setAside: computed(() => past.value.at(-1)?.losses.length ?? 0),
    playing,
    drawing,
    arrows,
    progress,
    losses,
    rate,
    paths,
    fields,
    measures,
    error,
    toggle([x, y]) {
      const place: Point = [within(x), within(y)];
      if (targetName.value !== 'own') {
        batch(() => {
          own.value = [place];
          targetName.value = 'own';
        });
        return;
      }
      const rest = own.value.filter(([px, py]) => Math.hypot(px - x, py - y) > SAME_PLACE);
      if (rest.length < own.value.length) own.value = rest;
      else if (rest.length < MAX_OWN_POINTS) own.value = [...rest, place];
    },
    undo() {
      const moment = past.value.at(-1);
      if (!moment) return;
      back = moment;
      batch(() => {
        past.value = past.value.slice(0, -1);
        targetName.value = moment.targetName;
        own.value = moment.points;
        seed.value = moment.seed;
      });
    },
    clear() {
      if (own.value.length > 0) own.value = [];
    },
    restart() {
      batch(() => {
        // One that no lesson had, those set aside included.
        seed.value = ++seeds;
        playing.value = true;
      });
    },
    hear(message) {
      if (message.kind === 'failed') {
        error.value = message.message;
        return;
      }
      if (message.lesson !== now?.lesson) {
        if (message.kind === 'progress') noteAside(message.lesson, message.steps);
        return;
      }
      switch (message.kind) {
        case 'progress':
          batch(() => {
            losses.value = [...losses.value, ...message.steps];
            rate.value = message.rate;
          });
          break;
        case 'paths':
          paths.value = message.paths;
          break;
        case 'field':
          if (arrows.learnt.value || arrows.best.value) fields.value = message.fields;
          break;
        case 'measures':
          measures.value = message.measures;
          break;
      }
    },
  };
}

/** A diffusion of few steps cannot be drawn in more. */
function fitting({ count, diffusion, flow }: Drawing, target: Target): Drawing {
  if (diffusion.kind === 'ddpm') return { count, diffusion, flow };
  const steps = Math.min(diffusion.steps, diffusionSteps(target));
  return { count, diffusion: { ...diffusion, steps }, flow };
}

function within(value: number): number {
  return Math.min(REACH, Math.max(-REACH, value));
}
