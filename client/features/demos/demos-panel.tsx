import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { DatasetSummary } from '../../../server/protocol/index.ts';
import { useApp } from '../../app.ts';
import { createAction } from '../../shared/link/action.ts';
import { JobLine } from '../../shared/link/job-line.tsx';
import { Loading } from '../../shared/link/loading.tsx';
import { modesOf } from '../../shared/tasks/modes.ts';
import { canBeTold, STAGE_TASKS } from '../../shared/tasks/stage-tasks.ts';
import { TaskLine } from '../../shared/tasks/task-line.tsx';
import { ActionError } from '../../shared/widgets/error-note.tsx';
import { CheckField, NumberField } from '../../shared/widgets/fields.tsx';
import { Icon } from '../../shared/widgets/icon.tsx';
import { ModeBar, modeCountsText } from '../../shared/widgets/mode-counts.tsx';
import { NameField } from '../../shared/widgets/name-field.tsx';
import { t } from '../../texts.ts';
import { freeName, type Undoable } from './datasets.ts';
import { EpisodeTable } from './episode-table.tsx';
import { LookDoor } from './look-door.ts';
import { policiesText, ShippedSets } from './shipped-sets.tsx';
import './demos.css';

export function DemosPanel() {
  const { datasets, settings } = useApp();
  const text = t.value.demos;
  const task = settings.task.value;
  const all = datasets.all.value;
  const here = all?.filter((dataset) => dataset.task === task);
  return (
    <>
      <h2>{text.title}</h2>
      <TaskLine />
      <p class="lead">
        {canBeTold(task) ? text.introTold : text.intro(modesOf(task).map((mode) => mode.text))}
      </p>
      {all === null && <Loading />}
      <ShippedSets />
      {here?.length === 0 && <p class="empty">{text.empty}</p>}
      <ul class="list" data-testid="datasets">
        {here?.map((dataset) => (
          <DatasetCard key={dataset.name} dataset={dataset} />
        ))}
      </ul>
      <ActionError of={datasets.trash} testid="demos-trash-error" />
      <ActionError of={datasets.edit} testid="demos-edit-error" />
      <ActionError of={datasets.split} testid="demos-split-error" />
      <ActionError of={datasets.merge} testid="demos-merge-error" />
      <Trash />
      <Bring />
      <GenerateForm key={settings.task.value} />
      <OtherTasks />
    </>
  );
}

/** Datasets that nothing on the stage can use, apart, and what would. */
function OtherTasks() {
  const { datasets, session, settings } = useApp();
  const text = t.value.panel;
  const others = (datasets.all.value ?? []).filter(({ task }) => task !== settings.task.value);
  if (others.length === 0) return null;
  return (
    <details class="other-tasks" data-testid="datasets-elsewhere">
      <summary>{text.otherTasks(others.length)}</summary>
      <p class="hint">{t.value.demos.otherDatasets}</p>
      <div class="row wrap">
        {STAGE_TASKS.filter((task) => others.some((each) => each.task === task)).map((task) => (
          <button key={task} type="button" class="small" onClick={() => session.play(task)}>
            {text.toTask(text.taskTitle(task))}
          </button>
        ))}
      </div>
      <ul class="list">
        {others.map((dataset) => (
          <DatasetCard key={dataset.name} dataset={dataset} />
        ))}
      </ul>
    </details>
  );
}

function DatasetCard({ dataset }: { dataset: DatasetSummary }) {
  const { datasets, settings, training, view, viewer } = useApp();
  const text = t.value.demos;
  const { name, episodes, modes, successes, recorded, unverified = 0 } = dataset;
  const shown = Object.values(modes).reduce((sum, count) => sum + count, 0);
  const elsewhere = dataset.task !== settings.task.value;
  const opened = datasets.opened.value?.name === name ? datasets.opened.value : null;
  const set = datasets.sets.value.find(({ hash }) => hash === dataset.hash);
  return (
    <li class="card" data-testid={`dataset-${name}`}>
      <div class="row spread">
        <h3 class="name">{name}</h3>
        <span class="muted small-text tabular" data-testid={`dataset-${name}-episodes`}>
          {text.episodes(episodes)}
        </span>
      </div>
      {elsewhere && <p class="muted small-text">{t.value.panel.taskTitle(dataset.task)}</p>}
      {set && (
        <p class="small-text" data-testid={`dataset-${name}-origin`}>
          {text.taught(policiesText(set))}
        </p>
      )}
      <ModeBar task={dataset.task} counts={modes} unlabelled={Math.max(0, episodes - shown)} />
      <p class="muted small-text">
        {[
          modeCountsText(dataset.task, modes),
          ...(recorded > 0 ? [text.recorded(recorded)] : []),
          ...(successes < episodes ? [text.failures(episodes - successes)] : []),
        ].join(' · ')}
      </p>
      {unverified > 0 && (
        <p
          class="muted small-text"
          title={text.unverifiedWhy}
          data-testid={`dataset-${name}-unverified`}
        >
          {text.unverified(unverified)}
        </p>
      )}
      <div class="row wrap">
        <button
          type="button"
          class="small"
          aria-expanded={opened !== null}
          data-testid={`dataset-${name}-open`}
          onClick={() => (opened ? datasets.close() : void datasets.open.run(name))}
        >
          {opened ? text.hide : text.show}
        </button>
        {!elsewhere && (
          <button
            type="button"
            class="small"
            data-testid={`dataset-${name}-train`}
            disabled={episodes === 0}
            onClick={() => {
              training.preselect(name);
              view.tab.value = 'train';
            }}
          >
            {text.train}
          </button>
        )}
        <a
          class="button bare push"
          href={`datasets/${name}/dataset.zip`}
          download={`${name}.zip`}
          title={text.download}
          aria-label={`${text.download}: ${name}`}
          data-testid={`dataset-${name}-download`}
        >
          <Icon name="download" size={16} />
        </a>
        <button
          type="button"
          class="bare"
          title={text.trash}
          aria-label={`${text.trash}: ${name}`}
          data-testid={`dataset-${name}-trash`}
          onClick={() => void datasets.trash.run(name)}
        >
          <Icon name="trash" size={16} />
        </button>
      </div>
      {opened?.episodes && <LookDoor dataset={dataset} episodes={opened.episodes} />}
      {opened && (
        <EpisodeTable dataset={dataset} episodes={opened.episodes && viewer.listed.value} />
      )}
      {opened && <ActionError of={datasets.open} />}
    </li>
  );
}

function Trash() {
  const { datasets } = useApp();
  return (
    <div role="status">
      {datasets.undoable.value.map((entry) => (
        <p key={entry.id} class="undo row spread">
          <span>{undoText(entry)}</span>
          <button
            type="button"
            class="small"
            data-testid={`dataset-${entry.kind === 'made' ? entry.names[0] : entry.name}-undo`}
            onClick={() => void datasets.undo.run(entry.id)}
          >
            <Icon name="back" size={14} /> {t.value.undo}
          </button>
        </p>
      ))}
      <ActionError of={datasets.undo} testid="demos-undo-error" />
    </div>
  );
}

/** Takes in a dataset that was downloaded before, of this task or another. */
function Bring() {
  const { datasets } = useApp();
  const text = t.value.demos;
  return (
    <div class="stack form bring">
      <label class="field-label" for="bring-dataset">
        {text.bring}
      </label>
      <input
        id="bring-dataset"
        type="file"
        accept=".zip,application/zip"
        disabled={datasets.bring.busy.value}
        data-testid="demos-bring"
        onChange={(event) => {
          const { currentTarget } = event;
          const file = currentTarget.files?.[0];
          // The same file may be chosen again.
          if (file) void datasets.bring.run(file).then(() => (currentTarget.value = ''));
        }}
      />
      {datasets.bring.busy.value && <p class="muted small-text">{text.bringing}</p>}
      {datasets.brought.value.length > 0 && (
        <ul class="hint" lang="en" data-testid="demos-brought">
          {datasets.brought.value.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      )}
      <ActionError of={datasets.bring} testid="demos-bring-error" />
    </div>
  );
}

/** What was done, in a sentence. */
function undoText(entry: Undoable): string {
  const text = t.value.demos;
  if (entry.kind === 'trashed') return text.trashed(entry.name);
  if (entry.kind === 'made') return text.made(entry.names.join(', '));
  const { edit, name, counts } = entry;
  if (edit.kind === 'trim') return text.trimmed(name, edit.episode);
  if (edit.kind === 'relabel') return text.relabelled(name, edit.episodes);
  return text.removed(name, counts[0] - counts[1]);
}

function GenerateForm() {
  const { datasets, jobs, settings, training } = useApp();
  const task = settings.task.value;
  const text = t.value.demos;
  const name = useSignal<string | null>(null);
  const episodes = useSignal(100);
  const pushes = useSignal(true);
  const generate = useMemo(
    () =>
      createAction((out: string) =>
        datasets.generate({
          task,
          out,
          episodes: episodes.value,
          pushes: pushes.value,
        }),
      ),
    [datasets, episodes, pushes, task],
  );
  const suggested = freeName(task, datasets.all.value ?? []);
  const making = datasets.making.value?.job;
  const job = jobs.all.value.findLast(({ id, kind }) => kind === 'generate' && id !== making);
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
        <div>
          <NameField
            label={text.name}
            value={name.value ?? suggested}
            testid="generate-name"
            onName={(chosen) => {
              name.value = chosen;
            }}
          />
        </div>
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
