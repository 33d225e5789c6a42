import { useCallback } from 'preact/hooks';
import { useApp } from './app.ts';
import { NEEDING_SERVER } from './features/alone/needs-server.tsx';
import { DemoTransport } from './features/demos/demo-transport.tsx';
import { StageView, type StageViewProps } from './features/watch/stage-view.tsx';
import { Transport } from './features/watch/transport/transport.tsx';
import { doorsOf, LEFT_PANELS, RIGHT_PANELS, ShareSheet } from './panels.ts';
import { fetchAhead } from './shared/link/on-demand.ts';
import { canBeTold } from './shared/tasks/stage-tasks.ts';
import { TermNote } from './shared/words/term-note.tsx';
import { LEFT_TABS, RIGHT_TABS } from './shell/address/url.ts';
import { Announcer } from './shell/announcer.tsx';
import { Banner } from './shell/banner.tsx';
import { Rail } from './shell/rail.tsx';
import { Shortcuts } from './shell/shortcuts.tsx';
import { TopBar } from './shell/top-bar.tsx';
import { tabKey } from './shell/watch-shortcuts.ts';
import { t } from './texts.ts';

/** The page: the stage in the middle, work on its left, explanations on its right, time below. */
export function Page({ adaptive, onFirstFrame }: StageViewProps) {
  const { connection, settings, view, viewer } = useApp();
  const told = canBeTold(settings.task.value);
  const titles = t.value.tabs;
  // Within another page, what stands around the stage is that page.
  const whole = !view.embedded.value;
  const stopSharing = () => {
    view.sharing.value = false;
  };
  const served = connection.offers('train:start');
  const onPicture = useCallback(() => {
    onFirstFrame();
    if (whole) void fetchAhead(doorsOf(served));
  }, [onFirstFrame, whole, served]);
  return (
    <div
      class={`page ${view.recording.value ? 'recording' : ''} ${view.besideRecorder.value ? 'beside-recorder' : ''} ${told ? 'told' : ''}`}
    >
      <button type="button" class="skip" onClick={() => document.getElementById('stage')?.focus()}>
        {t.value.skipToStage}
      </button>
      {whole && <TopBar />}
      {whole && (
        <Rail
          side="left"
          tabs={LEFT_TABS}
          open={view.tab}
          panels={served ? LEFT_PANELS : NEEDING_SERVER}
          titles={titles}
          keyOf={tabKey}
          onClose={() => {
            if (view.besideRecorder.value) view.besideRecorder.value = false;
            else view.tab.value = null;
          }}
        />
      )}
      {!whole && <Banner>{null}</Banner>}
      <StageView adaptive={adaptive} onFirstFrame={onPicture} />
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
        {/* In the browser's top layer wherever it stands; here it is within a landmark. */}
        <TermNote />
      </footer>
      <Announcer />
      <Shortcuts />
      {view.sharing.value && <ShareSheet onClose={stopSharing} />}
    </div>
  );
}
