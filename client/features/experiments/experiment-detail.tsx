import { useSignal } from '@preact/signals';
import type { ExperimentView } from '../../../server/protocol/index.ts';
import { LIMITS } from '../../../server/protocol/limits.ts';
import { ActionError, ErrorNote } from '../../shared/widgets/error-note.tsx';
import { Field } from '../../shared/widgets/fields.tsx';
import { formatMoment } from '../../shared/widgets/format.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { language } from '../../texts.ts';
import { RobustnessTable } from '../compare/robustness-table.tsx';
import { ContenderTable } from './contender-table.tsx';
import { ProgressLine, StateChip, stateOf, useJob } from './experiment-state.tsx';
import { useHistory } from './history-context.ts';
import { taskTitle, titleOf } from './naming.ts';
import { hashOf } from './place.ts';
import { RolloutsSection } from './rollouts-section.tsx';
import { x } from './texts.ts';

/** The experiment that is open: its table, what can be done with it, and rollouts of a contender. */
export function ExperimentDetail() {
  const { list, place, view, open } = useHistory();
  const text = x.value;
  const { name } = place.value;
  const shown = view.value;
  return (
    <section class="experiment-detail" aria-label={name ?? text.choose}>
      {name === null ? (
        list.value?.experiments.length !== 0 && <p class="empty">{text.choose}</p>
      ) : (
        <>
          <a
            class="button small back-link"
            href={hashOf({ name: null, contender: null }, language.value)}
            data-testid="experiment-close"
          >
            <Icon name="back" size={14} /> {text.back}
          </a>
          <ActionError of={open} testid="experiment-open-error" />
          {shown === null ? (
            open.busy.value && (
              <p class="hint" role="status">
                {text.reading}
              </p>
            )
          ) : (
            <Opened key={shown.name} view={shown} />
          )}
        </>
      )}
    </section>
  );
}

function Opened({ view }: { view: ExperimentView }) {
  const text = x.value;
  const { name, all, task, hindrance, problems, leftOut } = view;
  const robust = all.some(({ robustness }) => robustness !== null);
  return (
    <div class="stack" data-testid="experiment-opened">
      <Heading view={view} />
      <p class="hint" data-testid="experiment-facts">
        {factsOf(view).join(' · ')}
      </p>
      {hindrance && <ErrorNote message={hindrance} testid="experiment-hindrance" />}
      <ProgressLine of={view} hindered={hindrance !== null} />
      {problems.length > 0 && (
        <details class="problems" open data-testid="experiment-problems">
          <summary>{text.problems}</summary>
          {problems.map((problem) => (
            <p key={problem}>{problem}</p>
          ))}
        </details>
      )}
      <ContenderTable view={view} />
      <RolloutsSection view={view} />
      {robust && (
        <>
          <h3>{text.robustness}</h3>
          <RobustnessTable
            results={all.flatMap(({ measures, robustness, ...title }) =>
              measures ? [{ ...title, success: measures.success, againstControl: robustness }] : [],
            )}
          />
        </>
      )}
      {leftOut.length > 0 && (
        <details>
          <summary>{text.leftOut}</summary>
          <ul class="hint">
            {leftOut.map(({ combination, reason }) => (
              <li key={combination}>
                <code>{combination}</code>: {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
      <p class="small-text muted">
        {text.directory} <code>experiments/{name}</code> · {taskTitle(task)}
      </p>
    </div>
  );
}

function Heading({ view }: { view: ExperimentView }) {
  const { trash } = useHistory();
  const text = x.value;
  const renaming = useSignal(false);
  const { name, shards, all } = view;
  const state = stateOf(view, useJob(name));
  const title = titleOf({ ...view, first: all.map((each) => ({ ...each, summary: null })) });
  return (
    <>
      <div class="row wrap spread">
        <h2 data-testid="experiment-title">{title}</h2>
        <StateChip of={view} />
      </div>
      <div class="row wrap">
        {shards.done === shards.total && (
          <a
            class="button small primary-link"
            href={`../experiments/${name}/report.html`}
            target="_blank"
            rel="noreferrer"
            title={text.reportHint}
            data-testid="experiment-report"
          >
            {text.report}
          </a>
        )}
        <button
          type="button"
          class="small"
          aria-expanded={renaming.value}
          data-testid="experiment-rename"
          onClick={() => (renaming.value = !renaming.value)}
        >
          {text.rename}
        </button>
        <button
          type="button"
          class="small"
          data-testid="experiment-trash"
          disabled={trash.busy.value || state === 'running' || state === 'queued'}
          onClick={() => void trash.run(view, title)}
        >
          <Icon name="trash" size={14} /> {text.trash}
        </button>
      </div>
      {renaming.value && (
        <Rename name={name} title={view.title ?? ''} onDone={() => (renaming.value = false)} />
      )}
    </>
  );
}

function Rename({ name, title, onDone }: { name: string; title: string; onDone(): void }) {
  const { rename } = useHistory();
  const typed = useSignal(title);
  return (
    <form
      class="row rename"
      onSubmit={(event) => {
        event.preventDefault();
        void rename.run(name, typed.value).then(() => {
          if (!rename.error.value) onDone();
        });
      }}
    >
      <Field label={x.value.name}>
        {(id) => (
          <input
            id={id}
            type="text"
            maxLength={LIMITS.runTitle}
            value={typed.value}
            data-testid="experiment-name"
            onInput={(event) => {
              typed.value = event.currentTarget.value;
            }}
          />
        )}
      </Field>
      <button type="submit" disabled={rename.busy.value} data-testid="experiment-name-save">
        {x.value.save}
      </button>
    </form>
  );
}

function factsOf(view: ExperimentView): string[] {
  const text = x.value;
  const { contenders, rollouts, starts, seed, instruction, at, changedAt, engine } = view;
  return [
    text.size(contenders, rollouts, starts),
    text.seed(seed),
    ...(instruction === null ? [] : [text.told(instruction)]),
    `${text.planned} ${formatMoment(at)}`,
    ...(changedAt === null ? [] : [`${text.changed} ${formatMoment(changedAt)}`]),
    `${text.engine} ${engine}`,
  ];
}
