import { useSignal } from '@preact/signals';
import type { Run } from '../../../server/protocol/index.ts';
import { LIMITS } from '../../../server/protocol/limits.ts';
import { nameOfSource } from '../../../server/protocol/sources.ts';
import { useApp } from '../../app.ts';
import { LANES } from '../../shared/lanes/lanes.ts';
import { ProgressBar } from '../../shared/widgets/bars.tsx';
import { ErrorNote } from '../../shared/widgets/error-note.tsx';
import { Field } from '../../shared/widgets/fields.tsx';
import {
  formatCount,
  formatDuration,
  formatLoss,
  formatPercent,
} from '../../shared/widgets/format.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { t } from '../../texts.ts';
import { canBeGoneOnFrom, isTraining } from './runs.ts';

/** What a run is called: as a person named it, else by its policy. */
export function titleOf({ title, policy }: Pick<Run, 'title' | 'policy'>): string {
  return title ?? t.value.short[policy];
}

/** One run: how far it is, and what can be done with it. */
export function RunCard({ run }: { run: Run }) {
  const { jobs, runs } = useApp();
  const text = t.value.train;
  const { id, policy, training, dataset, status } = run;
  const last = runs.metrics.value.get(id)?.at(-1);
  const step = Math.max(run.step, isTraining(run) ? (last?.step ?? 0) : 0);
  const loss = last?.loss ?? run.loss;
  const job = jobs.active.value.find((each) => each.id === id);
  const preparation = job?.preparation ?? null;
  const problem = run.error ?? runs.stageErrors.value.get(id);
  return (
    <li class={`card run ${policy}`} data-testid={`run-${id}`} data-status={status}>
      <div class="row spread">
        <label class="check run-name">
          <input
            type="checkbox"
            checked={runs.shown.value.includes(id)}
            aria-label={text.curveOf(id)}
            title={text.curveOf(id)}
            data-testid={`run-${id}-curve`}
            onChange={() => runs.toggle(id)}
          />
          <span class="lane-dot" />
          <b data-testid={`run-${id}-title`}>{titleOf(run)}</b>
          {run.title !== undefined && <span class="muted">{t.value.short[policy]}</span>}
          <span class="muted">{dataset.name}</span>
          {run.from && <span class="muted">{text.from(nameOfSource(run.from.source))}</span>}
        </label>
        <span class={`status ${status}`}>{text.status[status]}</span>
      </div>
      <p class="row spread small-text muted tabular">
        <span data-testid={`run-${id}-step`}>
          {preparation
            ? text.preparation[preparation.preparing](formatPercent(preparation.share))
            : text.step(formatCount(step), formatCount(training.steps))}
        </span>
        <span>
          {text.loss} <b data-testid={`run-${id}-loss`}>{loss === null ? '–' : formatLoss(loss)}</b>
        </span>
      </p>
      {isTraining(run) && (
        <div class="row">
          <ProgressBar value={preparation?.share ?? step / training.steps} label={id} />
          <span class="muted tabular small-text eta">
            {job?.secondsLeft == null ? '' : formatDuration(job.secondsLeft)}
          </span>
        </div>
      )}
      {run.warnings.length > 0 && (
        <details class="warnings">
          <summary>{text.warnings(run.warnings.length)}</summary>
          {run.warnings.map((warning) => (
            <p key={warning}>{warning}</p>
          ))}
        </details>
      )}
      {problem && <ErrorNote message={problem} testid={`run-${id}-error`} />}
      <GoOn run={run} />
      <RunActions run={run} step={step} />
      <code class="run-id">{id}</code>
    </li>
  );
}

/** How a run that has ended can be gone on from, as its demonstrations are now. */
function GoOn({ run }: { run: Run }) {
  const { datasets, runs } = useApp();
  const text = t.value.train;
  const { id, status, step, training } = run;
  if (isTraining(run) || datasets.all.value === null) return null;
  const now = datasets.all.value.find(({ name }) => name === run.dataset.name);
  const unfinished = status !== 'done' && step < training.steps;
  if (!now) return unfinished ? <p class="hint">{text.gone(run.dataset.name)}</p> : null;
  if (now.hash === run.dataset.hash) {
    if (!unfinished) return null;
    return (
      <div class="row">
        <button
          type="button"
          class="small"
          data-testid={`run-${id}-resume`}
          onClick={() => void runs.resume.run(id)}
        >
          {t.value.train.resume}
        </button>
      </div>
    );
  }
  return (
    <>
      {unfinished && (
        <p class="hint" data-testid={`run-${id}-grown`}>
          {text.grown(now.name, run.dataset.episodes, now.episodes)}
        </p>
      )}
      <div class="row">
        <button
          type="button"
          class="small"
          data-testid={`run-${id}-renew`}
          disabled={runs.renew.busy.value || now.episodes === 0}
          onClick={() => void runs.renew.run(run)}
        >
          {canBeGoneOnFrom(run) ? text.renew : text.startAnew}
        </button>
      </div>
    </>
  );
}

function RunActions({ run, step }: { run: Run; step: number }) {
  const { cast, runs, session, settings, view } = useApp();
  const text = t.value.train;
  const renaming = useSignal(false);
  const { id, policy } = run;
  const shown = LANES.find((lane) => cast.of(lane).run === id);
  const onStage = shown !== undefined;
  const here = run.spec.task === settings.task.value;
  const show = () => {
    const lane = shown ?? cast.laneFor(policy);
    runs.forgive(id);
    session.retry(lane);
    if (onStage) session.restart();
    else session.choose(lane, { policy: { kind: 'run', id } });
    if (view.focus.value && view.focus.value !== lane) view.focus.value = null;
  };
  return (
    <>
      <div class="row wrap">
        {step > 0 && here && (
          <button
            type="button"
            class={`small ${onStage ? 'on' : ''}`}
            data-testid={`run-${id}-show`}
            onClick={show}
          >
            {onStage ? (isTraining(run) ? text.refresh : text.isOnStage) : text.onStage}
          </button>
        )}
        {isTraining(run) ? (
          <button
            type="button"
            class="small"
            data-testid={`run-${id}-stop`}
            onClick={() => void runs.stop.run(id)}
          >
            {text.stop}
          </button>
        ) : (
          <AtRest run={run} onRename={() => (renaming.value = !renaming.value)} />
        )}
      </div>
      {renaming.value && !isTraining(run) && (
        <Rename run={run} onDone={() => (renaming.value = false)} />
      )}
    </>
  );
}

/** Actions for a run that is not being trained. */
function AtRest({ run, onRename }: { run: Run; onRename(): void }) {
  const { runs } = useApp();
  const text = t.value.train;
  const { id } = run;
  return (
    <>
      {run.step > 0 && (
        <a
          class="button small"
          href={`runs/${id}/checkpoint.safetensors`}
          download={`${id}.safetensors`}
          title={text.downloadHint}
          data-testid={`run-${id}-download`}
        >
          <Icon name="download" size={14} />
          {text.download}
        </a>
      )}
      <button type="button" class="small" data-testid={`run-${id}-rename`} onClick={onRename}>
        {text.rename}
      </button>
      <button
        type="button"
        class="bare push"
        title={text.trashRun}
        aria-label={`${text.trashRun}: ${titleOf(run)}`}
        data-testid={`run-${id}-trash`}
        disabled={runs.trash.busy.value}
        onClick={() => void runs.trash.run(run)}
      >
        <Icon name="trash" size={16} />
      </button>
    </>
  );
}

function Rename({ run, onDone }: { run: Run; onDone(): void }) {
  const { runs } = useApp();
  const typed = useSignal(run.title ?? '');
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void runs.rename.run(run.id, typed.value).then(() => {
          if (!runs.rename.error.value) onDone();
        });
      }}
    >
      <Field label={t.value.train.renameLabel}>
        {(id) => (
          <input
            id={id}
            type="text"
            maxLength={LIMITS.runTitle}
            value={typed.value}
            data-testid={`run-${run.id}-name`}
            onInput={(event) => {
              typed.value = event.currentTarget.value;
            }}
          />
        )}
      </Field>
      <button
        type="submit"
        class="small"
        disabled={runs.rename.busy.value}
        data-testid={`run-${run.id}-name-save`}
      >
        {t.value.train.renameSave}
      </button>
    </form>
  );
}
