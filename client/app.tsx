import { t } from './i18n/index.ts';
import { ComparePanel } from './panels/compare-panel.tsx';
import { DemosPanel } from './panels/demos-panel.tsx';
import { LatencyPanel } from './panels/latency-panel.tsx';
import { RecordPanel } from './panels/record-panel.tsx';
import { StatePanel } from './panels/state-panel.tsx';
import { TrainPanel } from './panels/train-panel.tsx';
import { WhyPanel } from './panels/why-panel.tsx';
import { StageView, type StageViewProps } from './scene/stage-view.tsx';
import { Announcer } from './shell/announcer.tsx';
import { Banner } from './shell/banner.tsx';
import { Rail } from './shell/rail.tsx';
import { Shortcuts } from './shell/shortcuts.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { tabKey } from './shell/watch-shortcuts.ts';
import { canBeTold } from './stage-tasks.ts';
import { useApp } from './state/app.ts';
import { LEFT_TABS, RIGHT_TABS } from './state/url.ts';
import { Transport } from './transport/transport.tsx';

const LEFT_PANELS = {
  demos: DemosPanel,
  train: TrainPanel,
  compare: ComparePanel,
  record: RecordPanel,
};
const RIGHT_PANELS = { why: WhyPanel, latency: LatencyPanel, state: StatePanel };

/** The page: the stage in the middle, work on its left, explanations on its right, time below. */
export function Page(stage: StageViewProps) {
  const { settings, view } = useApp();
  const told = canBeTold(settings.task.value);
  const titles = t.value.tabs;
  return (
    <div class={`page ${view.recording.value ? 'recording' : ''} ${told ? 'told' : ''}`}>
      <button type="button" class="skip" onClick={() => document.getElementById('stage')?.focus()}>
        {t.value.skipToStage}
      </button>
      <TopBar />
      <Rail
        side="left"
        tabs={LEFT_TABS}
        open={view.tab}
        panels={LEFT_PANELS}
        titles={titles}
        keyOf={tabKey}
      />
      <StageView {...stage} />
      <Rail side="right" tabs={RIGHT_TABS} open={view.side} panels={RIGHT_PANELS} titles={titles} />
      {!view.recording.value && <Transport />}
      <Banner />
      <Announcer />
      <Shortcuts />
    </div>
  );
}
