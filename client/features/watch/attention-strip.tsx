import { useApp } from '../../app.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { objectText } from '../../shared/tasks/told-outcome.ts';
import { formatPercent } from '../../shared/widgets/format.ts';
import { t } from '../../texts.ts';
import { type Attended, attendedIn, largestShare } from './playback/attended.ts';
import { useFan } from './shown.ts';

/**
 * Where the network looked while it made the plan that the view shows: under each word, and under
 * each thing observed, a bar a network evaluation. Nothing for a policy that reads nothing.
 */
export function AttentionStrip({ lane }: { lane: LaneId }) {
  const { session } = useApp();
  const fan = useFan(lane);
  const info = session.info(lane);
  if (!info || info.tokens.length === 0) return null;
  const attended = attendedIn(info, fan.value?.attention ?? null);
  const largest = largestShare(attended);
  const text = t.value.attention;
  return (
    <figure class="attention" data-testid={`lane-${lane}-attention`}>
      {[false, true].map((things) => (
        <ul key={things}>
          {attended.map((token, i) =>
            (token.kind === 'thing') === things ? (
              <Token key={`${i} ${token.name}`} token={token} largest={largest} />
            ) : null,
          )}
        </ul>
      ))}
      <figcaption>{largest > 0 ? text.scale(formatPercent(largest)) : text.waiting}</figcaption>
    </figure>
  );
}

function Token({ token, largest }: { token: Attended; largest: number }) {
  const { kind, known, shares } = token;
  const text = t.value.attention;
  const shown = nameOf(token);
  const what = known ? shown : text.unknown(shown);
  const [first, last] = [shares[0], shares[shares.length - 1]];
  const label =
    shares.length > 0 ? text.shares(what, formatPercent(first), formatPercent(last)) : what;
  return (
    <li class={`${kind} ${known ? '' : 'unknown'}`} title={label}>
      <span class="token-name">{shown}</span>
      <svg
        viewBox={`0 0 ${Math.max(1, shares.length)} 1`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        <path d={outline(shares, largest)} />
      </svg>
    </li>
  );
}

function nameOf({ kind, name }: Attended): string {
  const text = t.value.attention;
  if (kind === 'word') return name;
  if (kind === 'start') return text.start;
  return Object.entries(text.thing).find(([key]) => key === name)?.[1] ?? objectText(name);
}

/** Bars side by side as one shape, each 1 wide; the largest share is 1 high. */
function outline(shares: readonly number[], largest: number): string {
  const steps = shares.map((share, i) => {
    const y = largest > 0 ? 1 - share / largest : 1;
    return `V${y.toFixed(3)}H${i + 1}`;
  });
  return `M0 1${steps.join('')}V1Z`;
}
