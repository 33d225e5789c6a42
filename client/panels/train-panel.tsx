// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { LIMITS } from '../../server/protocol/limits.ts';
import { POLICY_NAMES } from '../../server/protocol/policies.ts';
import { t } from '../i18n/index.ts';
import { useApp } from '../state/app.ts';
import { FIRST_EPISODES, PRESETS } from '../state/training.ts';
import { ActionError } from '../widgets/error-note.tsx';
import { NumberField, SelectField } from '../widgets/fields.tsx';
import { JobLine } from './job-line.tsx';
import { Loading } from './loading.tsx';
import { LossChart } from './loss-chart.tsx';
import { RunCard } from './run-card.tsx';

const NEW_DATASET = '';

export function TrainPanel() {
  const { runs } = useApp();
  const text = t.value.train;
  const all = runs.all.value;
  return (
    <>
      <h2>{text.title}</h2>
      <TrainForm />
      <section>
        <h3>{text.curve}</h3>
        <LossChart />
        <p class="hint">{text.differ}</p>
      </section>
      <section>
        <h3>{text.runs}</h3>
        {all === null && <Loading />}
        {all?.length === 0 && <p class="empty">{text.noRuns}</p>}
        <ul class="list" data-testid="runs">
          {all?.map((run) => (
            <RunCard key={run.id} run={run} />
          ))}
        </ul>
      </section>
    </>
  );
}

function TrainForm() {
  const { datasets, jobs, training } = useApp();
  const { form } = training;
  const text = t.value.train;
  const known = (datasets.all.value ?? []).filter(({ episodes }) => episodes > 0);
  const dataset = training.dataset();
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
        value={form.policy.value}
        options={[
          { value: 'all' as const, label: text.all },
          ...POLICY_NAMES.map((name) => ({ value: name, label: t.value.short[name] })),
        ]}
        onChange={(policy) => {
          form.policy.value = policy;
        }}
        testid="train-policy"
      />
      <SelectField
        label={text.dataset}
        value={dataset ?? NEW_DATASET}
        options={
          known.length > 0
            ? known.map(({ name }) => ({ value: name, label: name }))
            : [{ value: NEW_DATASET, label: text.noDataset }]
        }
        disabled={known.length === 0}
        onChange={(name) => {
          form.dataset.value = name;
        }}
        testid="train-dataset"
      />
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
          label={text.seed}
          value={form.seed}
          min={0}
          max={LIMITS.seed}
          testid="train-seed"
        />
      </div>
      <button
        type="submit"
        class="primary wide"
        data-testid="train-start"
        disabled={training.start.busy.value || datasets.all.value === null}
      >
        {dataset === null ? text.scratch : text.start}
      </button>
      {dataset === null && <p class="hint">{text.scratchHint(FIRST_EPISODES)}</p>}
      {training.preparing.value && <p class="hint">{text.preparing}</p>}
      {job && <JobLine job={job} />}
      <ActionError of={training.start} testid="train-error" />
      <ActionError of={training.startOn} testid="train-error" />
    </form>
  );
}
