import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type App, useApp } from '../../../app.ts';
import { Icon } from '../../../shared/widgets/icon.tsx';
import { applyUrl } from '../../../shell/address/url-state.ts';
import type { RecordedLink } from '../../../shell/view.ts';
import { t } from '../../../texts.ts';
import { type Finding, watchFor } from './finding.ts';
import { recordedText } from './texts.ts';
import './recorded.css';

/** Digits of a hash that are always there. */
const SHORT = 8;

/** Says of the rollout that a report's link names whether what is shown is it, to the bit. */
export function RecordedNote() {
  const app = useApp();
  const { recorded } = app.view;
  const found = useSignal<Finding>({ kind: 'playing' });
  const link = recorded.value;
  useEffect(() => (link ? watchFor(app, link, found) : undefined), [app, link, found]);
  if (!link) return null;
  const { kind } = found.value;
  return (
    <section
      class={`recorded-note ${kind}`}
      aria-label={recordedText.value.label}
      data-testid="recorded"
      data-kind={kind}
    >
      <Icon name={kind === 'same' ? 'check' : kind === 'playing' ? 'latency' : 'alert'} size={16} />
      <p role="status">
        <Said found={found.value} link={link} />
      </p>
      {kind === 'elsewhere' && (
        <button
          type="button"
          class="small"
          data-testid="recorded-play"
          onClick={() => play(app, link)}
        >
          {recordedText.value.play}
        </button>
      )}
      <button
        type="button"
        class="bare"
        title={t.value.link.dismiss}
        aria-label={t.value.link.dismiss}
        data-testid="recorded-dismiss"
        onClick={() => {
          recorded.value = null;
        }}
      >
        <Icon name="close" size={16} />
      </button>
    </section>
  );
}

function play({ session, settings, view, player }: App, { asked }: RecordedLink): void {
  applyUrl({ ...asked, tab: view.tab.peek(), side: view.side.peek() }, settings, view);
  session.goTo(asked);
  player.live();
}

function Said({ found, link }: { found: Finding; link: RecordedLink }) {
  const text = recordedText.value;
  const { episode, noise, batch } = link.asked;
  const which = text.which(episode, noise);
  const recorded = <Hash of={link.hash} />;
  switch (found.kind) {
    case 'playing':
      return text.playing(which, recorded);
    case 'same':
      return text.same(which, recorded);
    case 'other':
      return text.other(which, <Hash of={found.hash} />, recorded);
    case 'assisted':
      return <>{text.assisted(which)}</>;
    case 'unknown':
      return <>{text.unknown(which, found.message)}</>;
    case 'elsewhere':
      return <>{text.elsewhere(which)}</>;
    case 'ignored':
      return <>{text.ignored(which, found.field)}</>;
    case 'alone':
      return <>{text.alone(which, batch)}</>;
    case 'refused':
      return <>{text.refused(which)}</>;
    default:
      return found satisfies never;
  }
}

/** Short, and in full for who points at it, comes to it by keys, presses it, or listens. */
function Hash({ of: hash }: { of: string }) {
  const open = useSignal(false);
  return (
    <button
      type="button"
      class={`replay-hash ${open.value ? 'open' : ''}`}
      aria-expanded={open.value}
      onClick={() => {
        open.value = !open.value;
      }}
    >
      {hash.slice(0, SHORT)}
      <span>{hash.slice(SHORT)}</span>
    </button>
  );
}
