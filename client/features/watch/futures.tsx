import { useApp } from '../../app.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { modesOf, type ShownMode } from '../../shared/tasks/modes.ts';
import { SplitBar } from '../../shared/widgets/bars.tsx';
import { Term } from '../../shared/words/term.tsx';
import { t } from '../../texts.ts';
import type { Split } from './playback/split.ts';

/** Futures that take the same way. */
interface Share {
  readonly kind: string;
  readonly text: string;
  readonly colour?: string;
  readonly count: number;
}

/** The modes in their order, what runs into an obstacle between the first two, the undecided last. */
function sharesOf(split: Split | null, modes: readonly ShownMode[]): readonly Share[] {
  const text = t.value.stage.split;
  const [first = [], ...others] = modes.map(({ name, ...mode }, i) => [
    { ...mode, kind: name, count: split?.modes[i] ?? 0 },
  ]);
  return [
    ...first,
    { kind: 'invalid', text: text.invalid, count: split?.invalid ?? 0 },
    ...others.flat(),
    { kind: 'none', text: text.none, count: split?.none ?? 0 },
  ];
}

/**
 * Of the sampled futures of the last plan that reached the obstacles, how many take which way; under
 * them those of the first plan of the episode, which stay.
 */
export function Futures({
  lane,
  split,
  first,
}: {
  lane: LaneId;
  split: Split | null;
  first: Split | null;
}) {
  const { cast, settings } = useApp();
  const text = t.value.stage;
  // A policy without noise draws the same future as often as it is asked.
  const { oneAnswer } = cast.of(lane);
  const modes = modesOf(settings.task.value);
  const shares = sharesOf(split, modes);
  const present = shares.filter(({ count }) => count > 0);
  const total = present.reduce((sum, { count }) => sum + count, 0);
  const single = oneAnswer && present.length === 1 ? present[0] : null;
  const label = single
    ? `${text.oneFuture}${single.text}`
    : present.map((share) => `${share.count} ${share.text}`).join(' · ');
  const firstShares = sharesOf(first, modes);
  const firstPlan = firstShares
    .filter(({ count }) => count > 0)
    .map((share) => (oneAnswer ? share.text : `${share.count} ${share.text}`))
    .join(', ');
  const remembered = first ? `${t.value.ghosts.first}${firstPlan}` : '';
  // What is said of now leaves little room beside it.
  const crowded = oneAnswer || present.length > 1;
  // While it is the plan of now, the words of now say it.
  const same = shares.every(({ count }, i) => count === firstShares[i].count);
  return (
    <div class="futures" data-testid={`lane-${lane}-futures`}>
      <SplitBar
        label={total > 0 ? `${text.futures(total)}: ${label}` : text.planning}
        parts={shares}
      />
      <div class="first-plan">
        <SplitBar label={remembered || text.planning} parts={firstShares} />
      </div>
      <p class="futures-legend">
        {single && (
          <span class={single.kind} style={{ color: single.colour }}>
            <span class="future-lead">{text.oneFuture}</span>
            {single.text}
          </span>
        )}
        {!single &&
          present.map(({ kind, colour, count, text: words }) => (
            <span key={kind} class={kind} style={{ color: colour }}>
              <b>{count}</b> {words}
            </span>
          ))}
        {remembered && !same && (
          <span
            class={`first-plan-words ${crowded ? 'crowded' : ''}`}
            data-testid={`lane-${lane}-first`}
          >
            <Term id="firstPlan">{remembered}</Term>
          </span>
        )}
        {present.length === 0 && '\u00a0'}
      </p>
    </div>
  );
}
