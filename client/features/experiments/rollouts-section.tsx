import { useEffect, useRef } from 'preact/hooks';
import type { ExperimentView, ListedRollout } from '../../../server/protocol/index.ts';
import { modeOf } from '../../shared/tasks/modes.ts';
import { ActionError, ErrorNote } from '../../shared/widgets/error-note.tsx';
import { Icon } from '../../shared/widgets/icon.tsx';
import { language } from '../../texts.ts';
import { useHistory } from './history-context.ts';
import { lineOf } from './naming.ts';
import { hashOf } from './place.ts';
import { x } from './texts.ts';

/** Rollouts of the contender whose cell was clicked, failures first, each a link that plays it. */
export function RolloutsSection({ view }: { view: ExperimentView }) {
  const { place, rollouts, watch, watchMore } = useHistory();
  const heading = useRef<HTMLHeadingElement>(null);
  const { contender } = place.value;
  const whose = contender === null ? undefined : view.all[contender];
  const listed = rollouts.value;
  // Who clicked a cell far above is taken to what it opened.
  useEffect(() => {
    if (whose && listed) heading.current?.focus();
  }, [contender, listed === null]);
  if (!whose) return null;
  const text = x.value;
  const left = listed ? listed.total - listed.rollouts.length : 0;
  return (
    <section class="rollouts stack" data-testid="rollouts">
      <div class="row spread">
        <h3 ref={heading} tabIndex={-1}>
          {text.rolloutsOf(lineOf(whose))}
        </h3>
        <a
          class="button bare"
          href={hashOf({ name: view.name, contender: null }, language.value)}
          aria-label={text.close}
          title={text.close}
        >
          <Icon name="close" size={16} />
        </a>
      </div>
      <ActionError of={watch} testid="rollouts-error" />
      {listed === null && watch.busy.value && (
        <p class="hint" role="status">
          {text.reading}
        </p>
      )}
      {listed && (
        <>
          <p class="hint" data-testid="rollouts-counts">
            {text.counts(listed.failures, listed.total)} {listed.refusal === null && text.playHint}
          </p>
          {listed.refusal !== null && <ErrorNote message={listed.refusal} />}
          <ul class="rollout-grid">
            {listed.rollouts.map((rollout) => (
              <Rollout
                key={`${rollout.start}/${rollout.noise}`}
                rollout={rollout}
                task={view.task}
              />
            ))}
          </ul>
          {left > 0 && (
            <button
              type="button"
              class="wide"
              disabled={watchMore.busy.value}
              data-testid="rollouts-more"
              onClick={() => void watchMore.run()}
            >
              {text.showMore(left)}
            </button>
          )}
          <ActionError of={watchMore} />
        </>
      )}
    </section>
  );
}

function Rollout({ rollout, task }: { rollout: ListedRollout; task: string }) {
  const text = x.value;
  const { start, noise, success, contact, mode, steps, failure, link } = rollout;
  const shown = modeOf(task, mode);
  const outcome = [
    success ? text.succeeded : text.failed,
    ...(success && shown ? [shown.text] : []),
    ...(contact ? [text.touched] : []),
  ].join(' · ');
  const content = (
    <>
      <span class="tabular">
        {text.start} {start} · {text.noise} {noise}
      </span>
      <b class={success ? 'good' : 'bad'}>{outcome}</b>
      <span class="muted tabular small-text">{failure ?? text.steps(steps)}</span>
    </>
  );
  return (
    <li class={success ? 'succeeded' : 'failed'} data-success={success}>
      {link === null ? (
        <span class="rollout">{content}</span>
      ) : (
        <a class="rollout" href={`../${link}&lang=${language.value}`} data-testid="rollout">
          {content}
        </a>
      )}
    </li>
  );
}
