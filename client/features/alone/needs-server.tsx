import type { ComponentType } from 'preact';
import { useApp } from '../../app.ts';
import type { LeftTab } from '../../shell/address/url.ts';
import { t } from '../../texts.ts';

/** In the place of a panel whose work takes a server: says so, and what to do. */
function NeedsServer({ tab }: { tab: LeftTab }) {
  const text = t.value.alone;
  return (
    <div class="stack" data-testid={`needs-server-${tab}`}>
      <h2>{text.title[tab]}</h2>
      <p class="lead">{text.needed[tab]}</p>
      <p>{text.here}</p>
      <HowToGetIt />
    </div>
  );
}

/** How to run the program itself. */
export function HowToGetIt() {
  const text = t.value.alone;
  return (
    <>
      <p>{text.cure}</p>
      <pre>{text.commands}</pre>
    </>
  );
}

/** Beside the recorder, which is there for an arm that was taken over alone. */
function RecordAlone() {
  const { recording, view } = useApp();
  const text = t.value.alone;
  if (view.takingOver.value === null) return <NeedsServer tab="record" />;
  const name = recording.taken.value?.name;
  return (
    <div class="stack" data-testid="taken-alone">
      <h2>{t.value.takeover.title}</h2>
      {name && <p class="lead">{text.taken(name)}</p>}
      <p>{text.correct}</p>
      <p>{text.keeping}</p>
      <HowToGetIt />
    </div>
  );
}

/** What stands in the left rail of a page without a server. */
export const NEEDING_SERVER: Readonly<Record<LeftTab, ComponentType>> = {
  demos: () => <NeedsServer tab="demos" />,
  train: () => <NeedsServer tab="train" />,
  compare: () => <NeedsServer tab="compare" />,
  record: RecordAlone,
};
