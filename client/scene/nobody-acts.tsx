import { t } from '../i18n/index.ts';
import { JobLine } from '../panels/job-line.tsx';
import { useApp } from '../state/app.ts';
import { READER, READER_COMMANDS } from '../state/training.ts';
import { ActionError } from '../widgets/error-note.tsx';

/** In place of the views where no policy of the task is known: how to get one. */
export function NobodyActs() {
  const { jobs, training, view } = useApp();
  const text = t.value.nobody;
  const working = jobs.active.value.filter(({ kind }) => kind !== 'compare');
  return (
    <div class="stage-problem nobody" data-testid="nobody">
      <h3>{text.title}</h3>
      <p>{text.why}</p>
      {working.length > 0 ? (
        <>
          {working.map((job) => (
            <JobLine key={job.id} job={job} />
          ))}
          <p>{text.soon}</p>
        </>
      ) : (
        <button
          type="button"
          class="primary"
          data-testid="nobody-train"
          disabled={training.startReader.busy.value}
          onClick={() => {
            view.tab.value = 'train';
            void training.startReader.run();
          }}
        >
          {text.train}
        </button>
      )}
      <p>{text.cost(READER.episodes, READER.steps)}</p>
      <ActionError of={training.startReader} testid="nobody-error" />
      <details>
        <summary>{text.commands}</summary>
        <pre>{READER_COMMANDS.join('\n')}</pre>
      </details>
    </div>
  );
}
