import type { ComponentType } from 'preact';
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
      <p>{text.cure}</p>
      <pre>{text.commands}</pre>
    </div>
  );
}

/** What stands in the left rail of a page without a server. */
export const NEEDING_SERVER: Readonly<Record<LeftTab, ComponentType>> = {
  demos: () => <NeedsServer tab="demos" />,
  train: () => <NeedsServer tab="train" />,
  compare: () => <NeedsServer tab="compare" />,
  record: () => <NeedsServer tab="record" />,
};
