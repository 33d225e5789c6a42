import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { DatasetSummary } from '../../server/protocol/index.ts';
import { NAME_PATTERN } from '../../server/protocol/names.ts';
import { t } from '../i18n/index.ts';
import { createAction } from '../state/action.ts';
import { useApp } from '../state/app.ts';
import { freeName } from '../state/datasets.ts';
import { SplitBar } from '../widgets/bars.tsx';
import { ActionError } from '../widgets/error-note.tsx';
import { CheckField, Field, NumberField } from '../widgets/fields.tsx';
import { Icon } from '../widgets/icon.tsx';
import { EpisodeTable } from './episode-table.tsx';
import { JobLine } from './job-line.tsx';
import { Loading } from './loading.tsx';

export function DemosPanel() {
  const { datasets } = useApp();
  const text = t.value.demos;
  const all = datasets.all.value;
  return (
    <>
      <h2>{text.title}</h2>
      <p class="lead">{text.intro}</p>
      {all === null && <Loading />}
      {all?.length === 0 && <p class="empty">{text.empty}</p>}
      <ul class="list" data-testid="datasets">
        {all?.map((dataset) => (
          <DatasetCard key={dataset.name} dataset={dataset} />
        ))}
      </ul>
      <ActionError of={datasets.trash} testid="demos-trash-error" />
      <Trash />
      <GenerateForm />
    </>
  );
}

function DatasetCard({ dataset }: { dataset: DatasetSummary }) {
  const { datasets, training, view } = useApp();
  const text = t.value.demos;
  const { name, episodes, modes, successes, recorded } = dataset;
  const left = modes.left ?? 0;
  const right = modes.right ?? 0;
  const opened = datasets.opened.value?.name === name ? datasets.opened.value : null;
  return (
    <li class="card" data-testid={`dataset-${name}`}>
      <div class="row spread">
        <h3 class="name">{name}</h3>
        <span class="muted small-text tabular" data-testid={`dataset-${name}-episodes`}>
          {text.episodes(episodes)}
        </span>
      </div>
      <SplitBar
        label={text.modes(left, right)}
        parts={[
          { kind: 'left', count: left },
          { kind: 'right', count: right },
          { kind: 'none', count: Math.max(0, episodes - left - right) },
        ]}
      />
      <p class="muted small-text">
        {[
          text.modes(left, right),
          ...(recorded > 0 ? [text.recorded(recorded)] : []),
          ...(successes < episodes ? [text.failures(episodes - successes)] : []),
        ].join(' · ')}
      </p>
      <div class="row">
        <button
          type="button"
          class="small"
          aria-expanded={opened !== null}
          data-testid={`dataset-${name}-open`}
          onClick={() => (opened ? datasets.close() : void datasets.open.run(name))}
        >
          {opened ? text.hide : text.show}
        </button>
        <button
          type="button"
          class="small"
          data-testid={`dataset-${name}-train`}
          disabled={episodes === 0}
          onClick={() => {
            training.form.dataset.value = name;
            view.tab.value = 'train';
          }}
        >
          {text.train}
        </button>
        <button
          type="button"
          class="bare push"
          title={text.trash}
          aria-label={`${text.trash}: ${name}`}
          data-testid={`dataset-${name}-trash`}
          onClick={() => void datasets.trash.run(name)}
        >
          <Icon name="trash" size={16} />
        </button>
      </div>
      {opened && <EpisodeTable episodes={opened.episodes} controlHz={dataset.controlHz} />}
      {opened && <ActionError of={datasets.open} />}
    </li>
  );
}

function Trash() {
  const { datasets } = useApp();
  const trashed = datasets.trashed.value;
  return (
    <div role="status">
      {trashed.map(({ id, name }) => (
        <p key={id} class="undo row spread">
          <span>{t.value.demos.trashed(name)}</span>
          <button
            type="button"
            class="small"
            data-testid={`dataset-${name}-undo`}
            onClick={() => void datasets.restore.run(id)}
          >
            <Icon name="back" size={14} /> {t.value.undo}
          </button>
        </p>
      ))}
      <ActionError of={datasets.restore} />
    </div>
  );
}

function GenerateForm() {
  const { datasets, jobs, training } = useApp();
  const text = t.value.demos;
  const name = useSignal<string | null>(null);
  const episodes = useSignal(100);
  const pushes = useSignal(true);
  const generate = useMemo(
    () =>
      createAction((out: string) =>
        datasets.generate({ out, episodes: episodes.value, pushes: pushes.value }),
      ),
    [datasets, episodes, pushes],
  );
  const suggested = freeName('left-right', datasets.all.value ?? []);
  const job = jobs.all.value.findLast(({ kind }) => kind === 'generate');
  return (
    <form
      class="stack form"
      onSubmit={(event) => {
        event.preventDefault();
        const out = name.value ?? suggested;
        void generate.run(out).then(() => {
          if (generate.error.value) return;
          name.value = null;
          training.form.dataset.value = out;
        });
      }}
    >
      <h3>{text.generateTitle}</h3>
      <div class="two">
        <Field label={text.name}>
          {(id) => (
            <input
              id={id}
              type="text"
              required
              pattern={NAME_PATTERN}
              title={text.nameRule}
              spellcheck={false}
              value={name.value ?? suggested}
              data-testid="generate-name"
              onInput={(event) => {
                name.value = event.currentTarget.value;
              }}
            />
          )}
        </Field>
        <NumberField
          label={text.count}
          value={episodes}
          min={1}
          max={10_000}
          testid="generate-count"
        />
      </div>
      <CheckField label={text.pushes} checked={pushes} testid="generate-pushes" />
      <button
        type="submit"
        class="wide"
        data-testid="generate-start"
        disabled={generate.busy.value}
      >
        {text.generate}
      </button>
      <ActionError of={generate} testid="generate-error" />
      {job && <JobLine job={job} />}
    </form>
  );
}
