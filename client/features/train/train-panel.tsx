// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { LIMITS } from '../../../server/protocol/limits.ts';
import { useApp } from '../../app.ts';
import { JobLine } from '../../shared/link/job-line.tsx';
import { Loading } from '../../shared/link/loading.tsx';
import { canBeTold } from '../../shared/tasks/stage-tasks.ts';
import { TaskLine } from '../../shared/tasks/task-line.tsx';
import { ActionError } from '../../shared/widgets/error-note.tsx';
import { NumberField, SelectField } from '../../shared/widgets/fields.tsx';
import { Icon } from '../../shared/widgets/icon.tsx';
import { Term } from '../../shared/words/term.tsx';
import { t } from '../../texts.ts';
import { Concerns } from './concerns.tsx';
import { LossChart } from './loss-chart.tsx';
import { RunCard, titleOf } from './run-card.tsx';
import { PRESETS, READER } from './training.ts';
import './train.css';

const NEW_DATASET = '';

export function TrainPanel() {
  const { runs, training } = useApp();
  const text = t.value.train;
  const all = runs.all.value;
  const here = all?.filter(({ spec }) => spec.task === training.task.value);
  const elsewhere = all?.filter(({ spec }) => spec.task !== training.task.value) ?? [];
  return (
    <>
      <h2>{text.title}</h2>
      <TaskLine />
      <TrainForm />
      <section>
        <h3>{text.curve}</h3>
        <LossChart />
        <p class="hint">{text.differ}</p>
      </section>
      <section>
        <h3>
          <Term id="run">{text.runs}</Term>
        </h3>
        {all === null && <Loading />}
        {here?.length === 0 && <p class="empty">{text.noRuns}</p>}
        <ul class="list" data-testid="runs">
          {here?.map((run) => (
            <RunCard key={run.id} run={run} />
          ))}
        </ul>
        <RunProblems />
        <TrashedRuns />
        {elsewhere.length > 0 && (
          <details class="other-tasks" data-testid="runs-elsewhere">
            <summary>{t.value.panel.otherTasks(elsewhere.length)}</summary>
            <p class="hint">{t.value.train.otherRuns}</p>
            <ul class="list">
              {elsewhere.map((run) => (
                <RunCard key={run.id} run={run} />
              ))}
            </ul>
          </details>
        )}
      </section>
    </>
  );
}

function RunProblems() {
  const { runs } = useApp();
  return (
    <>
      {[runs.stop, runs.resume, runs.renew, runs.rename, runs.trash, runs.restore].map((action) => (
        <ActionError of={action} testid="runs-error" />
      ))}
    </>
  );
}

function TrashedRuns() {
  const { runs } = useApp();
  return (
    <div role="status">
      {runs.trashed.value.map(({ id, run }) => (
        <p key={id} class="undo row spread">
          <span>{t.value.train.runTrashed(titleOf(run))}</span>
          <button
            type="button"
            class="small"
            data-testid={`run-${run.id}-undo`}
            onClick={() => void runs.restore.run(id)}
          >
            <Icon name="back" size={14} /> {t.value.undo}
          </button>
        </p>
      ))}
    </div>
  );
}

function TrainForm() {
  const { datasets, jobs, training } = useApp();
  const { form } = training;
  const text = t.value.train;
  const known = training.offered();
  const dataset = training.dataset();
  const chosen = known.find(({ name }) => name === dataset);
  const told = canBeTold(training.task.value);
  const job = jobs.active.value.find(({ kind }) => kind === 'generate');
  return (
    <form
      class="stack form"
      onSubmit={(event) => {
        event.preventDefault();
        void training.start.run();
      }}
    >
      <SelectField
        label={text.policy}
        value={training.policy()}
        options={[
          { value: 'all' as const, label: text.all },
          ...training.policies().map((name) => ({ value: name, label: t.value.short[name] })),
        ]}
        onChange={(policy) => {
          form.policy.value = policy;
        }}
        testid="train-policy"
      />
      <SelectField
        label={<Term id="demonstration">{text.dataset}</Term>}
        value={dataset ?? NEW_DATASET}
        options={
          known.length > 0
            ? known.map(({ name }) => ({ value: name, label: name }))
            : [{ value: NEW_DATASET, label: t.value.train.madeFirst(training.task.value) }]
        }
        disabled={known.length === 0}
        onChange={(name) => {
          form.dataset.value = name;
        }}
        testid="train-dataset"
      />
      {chosen && <Concerns of={chosen} />}
      <SelectField
        label={text.preset}
        value={form.preset.value}
        options={PRESETS.map((preset) => ({ value: preset, label: text.presets[preset] }))}
        onChange={(preset) => {
          form.preset.value = preset;
        }}
        testid="train-preset"
      />
      {training.canGoOn() && (
        <SelectField
          label={text.begin}
          value={form.goOn.value ? 'shipped' : 'random'}
          options={[
            { value: 'random' as const, label: text.random },
            { value: 'shipped' as const, label: text.shipped },
          ]}
          onChange={(begin) => {
            form.goOn.value = begin === 'shipped';
          }}
          testid="train-begin"
        />
      )}
      <div class="two">
        <NumberField
          label={text.steps}
          value={form.steps}
          min={1}
          max={10_000_000}
          placeholder={text.stepsPreset}
          testid="train-steps"
        />
        <NumberField
          label={<Term id="seed">{text.seed}</Term>}
          value={form.seed}
          min={0}
          max={LIMITS.seed}
          testid="train-seed"
        />
      </div>
      {told && (
        <p class="hint" data-testid="train-reader-hint">
          {t.value.train.readerHint(READER.episodes, READER.steps)}
        </p>
      )}
      <button
        type="submit"
        class="primary wide"
        data-testid="train-start"
        disabled={training.start.busy.value || datasets.all.value === null}
      >
        {dataset === null ? text.scratch : text.start}
      </button>
      {dataset === null && <p class="hint">{text.scratchHint(training.firstEpisodes())}</p>}
      {training.preparing.value && <p class="hint">{text.preparing}</p>}
      {job && <JobLine job={job} />}
      <ActionError of={training.start} testid="train-error" />
    </form>
  );
}
