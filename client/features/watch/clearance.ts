import { computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { type Insets, NO_INSETS } from '../../stage/index.ts';

/** Narrower than this, texts stand beside what a view shows and not above and below it, CSS px. */
const BESIDE = 480;
/** Parts of a view's width that the texts beside it have. */
const TEXT_SHARE = 0.5;
/** What a caption takes above what is written below, CSS px. */
const CAPTION = 24;
/** Heights are rounded up to this: the picture does not move for a pixel. CSS px */
const GRAIN = 8;

/** Where in a view something is written: above, below, or on the right under what it shows. */
export type Place = 'top' | 'bottom' | 'beside';

/** How much of the views is written over. */
export interface Clearance {
  /** Texts stand beside what the views show. */
  readonly beside: ReadonlySignal<boolean>;
  readonly insets: ReadonlySignal<Insets>;
  /** The same, and room for a caption: what is written on the table stays clear of it. */
  readonly withCaption: ReadonlySignal<Insets>;
  /** Width of all views together, CSS px. */
  readonly width: Signal<number>;
  /** Height of what a lane has at a place; 0 where it has nothing there. */
  report(lane: LaneId, place: Place, height: number): void;
}

/** @param alone whether one view is shown and has the room above and below it */
export function createClearance(alone: ReadonlySignal<boolean> = signal(false)): Clearance {
  const width = signal(0);
  const heights = signal<Readonly<Record<string, number>>>({});
  const most = (place: Place) => {
    const all = Object.entries(heights.value).flatMap(([key, height]) =>
      key.endsWith(place) ? [height] : [],
    );
    return GRAIN * Math.ceil(Math.max(0, ...all) / GRAIN);
  };
  const beside = computed(() => width.value > 0 && width.value < BESIDE && !alone.value);
  const [top, bottom, right] = (['top', 'bottom', 'beside'] as const).map((place) =>
    computed(() => most(place)),
  );
  const insets = computed(() => {
    if (width.value === 0) return NO_INSETS;
    if (beside.value) return { top: 0, bottom: right.value, left: TEXT_SHARE * width.value };
    return { top: top.value, bottom: bottom.value, left: 0 };
  });
  return {
    beside,
    width,
    insets,
    withCaption: computed(() => {
      // Where room is scarce, a caption lies over the picture.
      if (beside.value || insets.value.bottom === 0) return insets.value;
      return { ...insets.value, bottom: insets.value.bottom + CAPTION };
    }),
    report(lane, place, height) {
      const key = `${lane} ${place}`;
      if (heights.value[key] !== height) heights.value = { ...heights.value, [key]: height };
    },
  };
}

/** Reports the height of an element for as long as it is there. */
export function useClearance(clearance: Clearance, lane: LaneId, place: Place) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const measured = element.current;
    if (!measured) return undefined;
    const observer = new ResizeObserver(() => clearance.report(lane, place, measured.offsetHeight));
    observer.observe(measured);
    return () => {
      observer.disconnect();
      clearance.report(lane, place, 0);
    };
  }, [clearance, lane, place]);
  return element;
}
