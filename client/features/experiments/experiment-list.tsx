import { Fragment } from 'preact';
import { Icon } from '../../shared/widgets/icon.tsx';
import { language, t } from '../../texts.ts';
import { ExperimentCard } from './experiment-card.tsx';
import { useHistory } from './history-context.ts';
import { HistoryErrors } from './history-errors.tsx';
import { x } from './texts.ts';

/** What there is, newest first, with what is damaged and what was thrown away. */
export function ExperimentList() {
  const { list, trashed, undo } = useHistory();
  const text = x.value;
  const all = list.value;
  return (
    <section class="experiment-list" aria-labelledby="experiments-title">
      <h2 id="experiments-title">{text.title}</h2>
      <p class="lead">{text.lead}</p>
      <HistoryErrors />
      {trashed.value.map(({ id, title }) => (
        <p key={id} class="undo row spread">
          <span>{text.trashed(title)}</span>
          <button
            type="button"
            class="small"
            data-testid="experiment-undo"
            disabled={undo.busy.value}
            onClick={() => void undo.run(id)}
          >
            <Icon name="back" size={14} /> {t.value.undo}
          </button>
        </p>
      ))}
      {all === null && (
        <p class="hint" role="status">
          {text.reading}
        </p>
      )}
      {all?.experiments.length === 0 && (
        <div class="empty" data-testid="experiments-empty">
          <p>{text.empty}</p>
          <code>
            {text.emptyCommand.split(/ (?=--\w)/).map((part) => (
              <Fragment key={part}>
                <span>{part}</span>{' '}
              </Fragment>
            ))}
          </code>
          <a class="button" href={`../#tab=compare&lang=${language.value}`}>
            {text.toCompare}
          </a>
        </div>
      )}
      <ul class="experiment-cards" data-testid="experiments">
        {all?.experiments.map((entry) => (
          <ExperimentCard key={entry.name} entry={entry} />
        ))}
      </ul>
      {all !== null && all.omitted > 0 && <p class="hint">{text.omitted(all.omitted)}</p>}
      {all !== null && all.damaged.length > 0 && (
        <>
          <h3>{text.damagedTitle}</h3>
          <ul class="experiment-cards" data-testid="experiments-damaged">
            {all.damaged.map(({ name, message }) => (
              <li key={name} class="card damaged">
                <b>{name}</b>
                <p class="small-text">{message}</p>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
