import type { ComponentType } from 'preact';
import { LookDoor } from './features/demos/look-door.ts';
import { WhyPanel } from './features/explain/why-panel.tsx';
import { RecordOverlay } from './features/record/record-door.ts';
import { CurvesPanel } from './features/watch/curves/curves-door.ts';
import { type Door, door } from './shared/widgets/door.tsx';
import type { LeftTab, RightTab } from './shell/address/url.ts';

/** The panels of the left rail. */
export const LEFT_PANELS: Readonly<Record<LeftTab, Door<object>>> = {
  demos: door(async () => (await import('./features/demos/demos-panel.tsx')).DemosPanel, {
    testid: 'demos-failed',
  }),
  train: door(async () => (await import('./features/train/train-panel.tsx')).TrainPanel, {
    testid: 'train-failed',
  }),
  compare: door(async () => (await import('./features/compare/compare-panel.tsx')).ComparePanel, {
    testid: 'compare-failed',
  }),
  record: door(async () => (await import('./features/record/record-panel.tsx')).RecordPanel, {
    testid: 'record-panel-failed',
  }),
};
/** The panels of the right rail. */
export const RIGHT_PANELS = {
  // A wide page opens with it.
  why: WhyPanel,
  denoise: door(async () => (await import('./features/denoise/denoise-panel.tsx')).DenoisePanel, {
    testid: 'denoise-failed',
  }),
  latency: door(async () => (await import('./features/explain/latency-panel.tsx')).LatencyPanel, {
    testid: 'latency-failed',
  }),
  state: door(async () => (await import('./features/explain/state-panel.tsx')).StatePanel, {
    testid: 'state-failed',
  }),
} satisfies Readonly<Record<RightTab, ComponentType>>;
/** Links and pictures of the moment. */
export const ShareSheet = door(
  async () => (await import('./features/watch/share/share-sheet.tsx')).ShareSheet,
  { testid: 'share-failed', afloat: true, close: ({ onClose }) => onClose() },
);

/** What a first view does without, most wanted first. @param served whether there is a server to work with */
export function doorsOf(served: boolean): readonly Pick<Door<object>, 'fetch' | 'error'>[] {
  const { denoise, latency, state } = RIGHT_PANELS;
  const left = served ? [...Object.values(LEFT_PANELS), LookDoor, RecordOverlay] : [];
  return [denoise, latency, state, ...left, CurvesPanel, ShareSheet];
}
