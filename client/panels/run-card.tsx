import type { Run } from '../../server/protocol/index.ts';
import { nameOfSource } from '../../server/protocol/lane-entry.ts';
import { t } from '../i18n/index.ts';
import { LANES } from '../lanes.ts';
import { useApp } from '../state/app.ts';
import { isTraining } from '../state/runs.ts';
import { ProgressBar } from '../widgets/bars.tsx';
import { ErrorNote } from '../widgets/error-note.tsx';
import { formatCount, formatDuration, formatLoss, formatPercent } from '../widgets/format.ts';

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
          <b>{t.value.short[policy]}</b>
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
      <RunActions run={run} step={step} />
      <code class="run-id">{id}</code>
    </li>
  );
}

function RunActions({ run, step }: { run: Run; step: number }) {
  const { cast, runs, session, view } = useApp();
  const text = t.value.train;
  const { id, policy, status } = run;
  const shown = LANES.find((lane) => cast.of(lane).run === id);
  const onStage = shown !== undefined;
  const show = () => {
    const lane = shown ?? cast.laneFor(policy);
    runs.stageErrors.value = new Map([...runs.stageErrors.value].filter(([each]) => each !== id));
    session.retry(lane);
    if (onStage) session.restart();
    else session.choose(lane, { policy: { kind: 'run', id } });
    if (view.focus.value && view.focus.value !== lane) view.focus.value = null;
  };
  return (
    <div class="row">
      {step > 0 && (
        <button
          type="button"
          class={`small ${onStage ? 'on' : ''}`}
          data-testid={`run-${id}-show`}
          onClick={show}
        >
          {onStage ? (isTraining(run) ? text.refresh : text.isOnStage) : text.onStage}
        </button>
      )}
      {isTraining(run) && (
        <button
          type="button"
          class="small"
          data-testid={`run-${id}-stop`}
          onClick={() => void runs.stop.run(id)}
        >
          {text.stop}
        </button>
      )}
      {(status === 'stopped' || status === 'interrupted' || status === 'failed') && (
        <button
          type="button"
          class="small"
          data-testid={`run-${id}-resume`}
          onClick={() => void runs.resume.run(id)}
        >
          {text.resume}
        </button>
      )}
    </div>
  );
}
