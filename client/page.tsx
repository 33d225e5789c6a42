import { useApp } from './app.ts';
import { NEEDING_SERVER } from './features/alone/needs-server.tsx';
import { ComparePanel } from './features/compare/compare-panel.tsx';
import { DemoTransport } from './features/demos/demo-transport.tsx';
import { DemosPanel } from './features/demos/demos-panel.tsx';
import { DenoiseDoor } from './features/denoise/denoise-door.tsx';
import { LatencyPanel } from './features/explain/latency-panel.tsx';
import { StatePanel } from './features/explain/state-panel.tsx';
import { WhyPanel } from './features/explain/why-panel.tsx';
import { RecordPanel } from './features/record/record-door.tsx';
import { TrainPanel } from './features/train/train-panel.tsx';
import { StageView, type StageViewProps } from './features/watch/stage-view.tsx';
import { Transport } from './features/watch/transport/transport.tsx';
import { canBeTold } from './shared/tasks/stage-tasks.ts';
import { OnDemand } from './shared/widgets/on-demand.tsx';
import { TermNote } from './shared/words/term-note.tsx';
import { LEFT_TABS, RIGHT_TABS } from './shell/address/url.ts';
import { Announcer } from './shell/announcer.tsx';
import { Banner } from './shell/banner.tsx';
import { Rail } from './shell/rail.tsx';
import { Shortcuts } from './shell/shortcuts.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { tabKey } from './shell/watch-shortcuts.ts';
import { t } from './texts.ts';

const loadShare = () => import('./features/watch/share/share-sheet.tsx');
const LEFT_PANELS = {
  demos: DemosPanel,
  train: TrainPanel,
  compare: ComparePanel,
  record: RecordPanel,
};
const RIGHT_PANELS = {
  why: WhyPanel,
  denoise: DenoiseDoor,
  latency: LatencyPanel,
  state: StatePanel,
};

/** The page: the stage in the middle, work on its left, explanations on its right, time below. */
export function Page(stage: StageViewProps) {
  const { connection, settings, view, viewer } = useApp();
  const told = canBeTold(settings.task.value);
  const titles = t.value.tabs;
  // Within another page, what stands around the stage is that page.
  const whole = !view.embedded.value;
  return (
    <div class={`page ${view.recording.value ? 'recording' : ''} ${told ? 'told' : ''}`}>
      <button type="button" class="skip" onClick={() => document.getElementById('stage')?.focus()}>
        {t.value.skipToStage}
      </button>
      {whole && <TopBar />}
      {whole && (
        <Rail
          side="left"
          tabs={LEFT_TABS}
          open={view.tab}
          panels={connection.offers('train:start') ? LEFT_PANELS : NEEDING_SERVER}
          titles={titles}
          keyOf={tabKey}
        />
      )}
      {!whole && <Banner>{null}</Banner>}
      <StageView {...stage} />
      {whole && (
        <Rail
          side="right"
          tabs={RIGHT_TABS}
          open={view.side}
          panels={RIGHT_PANELS}
          titles={titles}
        />
      )}
      <footer class="time">
        {viewer.onStage.value && <DemoTransport />}
        {!view.recording.value && !viewer.onStage.value && <Transport />}
      </footer>
      <Announcer />
      <Shortcuts />
      <TermNote />
      {view.sharing.value && <OnDemand load={loadShare} testid="share-failed" />}
    </div>
  );
}
