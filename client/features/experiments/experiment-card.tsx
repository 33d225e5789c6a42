import type { ExperimentEntry } from '../../../server/protocol/index.ts';
import { IntervalBar } from '../../shared/widgets/bars.tsx';
import { formatMoment, formatPercent } from '../../shared/widgets/format.ts';
import { language } from '../../texts.ts';
import { methodOf, nameOf } from '../compare/result-names.ts';
import { ProgressLine, StateChip } from './experiment-state.tsx';
import { useHistory } from './history-context.ts';
import { drawnHow, taskTitle, titleOf } from './naming.ts';
import { hashOf } from './place.ts';
import { x } from './texts.ts';

/** Contenders that a card names. */
const MOST_SHOWN = 4;

/** One experiment of the list. */
export function ExperimentCard({ entry }: { entry: ExperimentEntry }) {
  const { place } = useHistory();
  const { name, at, task, contenders, rollouts, starts, first } = entry;
  const text = x.value;
  const open = place.value.name === name;
  const shown = first.slice(0, MOST_SHOWN);
  return (
    <li class={`card experiment ${open ? 'open' : ''}`} data-testid={`experiment-${name}`}>
      <div class="row spread">
        <a
          href={hashOf({ name, contender: null }, language.value)}
          class="experiment-title"
          aria-current={open ? 'true' : undefined}
          data-testid={`experiment-${name}-open`}
        >
          {titleOf(entry)}
        </a>
        <StateChip of={entry} />
      </div>
      <p class="small-text muted tabular">
        {[formatMoment(at), taskTitle(task), text.size(contenders, rollouts, starts)].join(' · ')}
      </p>
      <ul class="mini">
        {shown.map((contender, i) => {
          const { summary, perturbation } = contender;
          return (
            <li key={i.toString()} class={`lane-name ${methodOf(contender) ?? ''}`}>
              <span class="mini-name">
                {nameOf(contender)}
                <small>{[drawnHow(contender), perturbation].filter(Boolean).join(' · ')}</small>
              </span>
              {summary ? (
                <>
                  <IntervalBar
                    of={summary.success}
                    kind="good"
                    label={`${text.success}: ${summary.success.k}/${summary.success.n}`}
                  />
                  <b class="tabular">{formatPercent(summary.success.rate)}</b>
                  <span class="letters" title={text.letters}>
                    {summary.letters}
                  </span>
                </>
              ) : null}
            </li>
          );
        })}
      </ul>
      {contenders > shown.length && (
        <p class="small-text muted">{text.more(contenders - shown.length)}</p>
      )}
      <ProgressLine of={entry} />
    </li>
  );
}
