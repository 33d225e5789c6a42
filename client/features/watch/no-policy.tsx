import { useApp } from '../../app.ts';
import { JobLine } from '../../shared/link/job-line.tsx';
import { ActionError } from '../../shared/widgets/error-note.tsx';
import { t } from '../../texts.ts';
import { READER, READER_COMMANDS } from '../train/training.ts';

/** In place of the views where no policy of the task is known: how to get one. */
export function NoPolicy() {
  const { connection, jobs, training, view } = useApp();
  const text = t.value.noPolicy;
  if (!connection.offers('train:start')) return <NoneHere />;
  const working = jobs.active.value.filter(({ kind }) => kind !== 'compare');
  return (
    <div class="stage-problem no-policy" data-testid="nobody">
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

/** Where nothing can be trained. */
function NoneHere() {
  const text = t.value.noPolicy;
  return (
    <div class="stage-problem no-policy" data-testid="nobody">
      <h3>{text.title}</h3>
      <p>{text.cameWithout}</p>
    </div>
  );
}
