import { ProgressBar } from '../../shared/widgets/bars.tsx';
import { ActionError } from '../../shared/widgets/error-note.tsx';
import { SelectField } from '../../shared/widgets/fields.tsx';
import { t } from '../../texts.ts';
import { LESSON_EPISODES } from './lab-state.ts';
import { useLab } from './lesson-context.ts';
import { lessonText } from './texts.ts';

/** Which demonstrations are looked at. */
export function DatasetField({ testid }: { testid: string }) {
  const { datasets, dataset, chosenDataset } = useLab();
  const known = (datasets.all.value ?? []).filter(({ episodes }) => episodes > 0);
  return (
    <SelectField
      label={t.value.train.dataset}
      value={dataset.value ?? ''}
      options={known.map(({ name }) => ({ value: name, label: name }))}
      onChange={(name) => {
        chosenDataset.value = name;
      }}
      testid={testid}
    />
  );
}

/** In the place of what needs demonstrations, where there are none. */
export function NoDemonstrations() {
  const { datasets, demonstrate, jobs, serves } = useLab();
  const text = lessonText.value;
  const job = jobs.active.value.find(({ kind }) => kind === 'generate');
  if (!serves) return <TakesTheProgram />;
  if (datasets.all.value === null) return <p class="empty">{t.value.connection.connecting}</p>;
  return (
    <div class="empty stack">
      <p>{text.noDemonstrations}</p>
      <div class="row centred">
        <button
          type="button"
          class="primary"
          disabled={demonstrate.busy.value}
          data-testid="lesson-demonstrate"
          onClick={() => void demonstrate.run()}
        >
          {text.demonstrate(LESSON_EPISODES)}
        </button>
      </div>
      {job && <ProgressBar value={job.progress} label={t.value.job.generate} />}
      <ActionError of={demonstrate} testid="lesson-demonstrate-error" />
    </div>
  );
}

/** Where there is no server that could have any. */
function TakesTheProgram() {
  const text = t.value.alone;
  return (
    <div class="empty stack" data-testid="lesson-needs-server">
      <p>{text.lesson}</p>
      <p>
        {text.cure} <code>{text.commands.replace('\n', ' && ')}</code>
      </p>
    </div>
  );
}
