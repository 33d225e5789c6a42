import type { Ref } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Comparison } from '../../../server/protocol/index.ts';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { LIMITS } from '../../../server/protocol/limits.ts';
import { usualStarts } from '../../../server/protocol/starts.ts';
import { useApp } from '../../app.ts';
import { LaneName } from '../../shared/lanes/lane-name.tsx';
import { LANES } from '../../shared/lanes/lanes.ts';
import { HorizonSlider, NfeSliders } from '../../shared/lanes/sampling.tsx';
import { JobLine } from '../../shared/link/job-line.tsx';
import { isActive } from '../../shared/link/jobs.ts';
import { canBeTold } from '../../shared/tasks/stage-tasks.ts';
import { TaskLine } from '../../shared/tasks/task-line.tsx';
import { ActionError } from '../../shared/widgets/error-note.tsx';
import { NumberField, SelectField } from '../../shared/widgets/fields.tsx';
import { formatMoment } from '../../shared/widgets/format.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { language } from '../../texts.ts';
import { ComparisonTable } from './comparison-table.tsx';
import { PerturbationsForm } from './perturbations-form.tsx';
import { titlesOf } from './result-names.ts';
import { compareText } from './texts.ts';
import './compare.css';

/** Measures the policies on the stage, many episodes at once. */
export function ComparePanel() {
  const { comparing, settings } = useApp();
  const text = compareText.value;
  const job = comparing.job.value;
  const running = job !== null && isActive(job);
  const shown = comparing.shown.value;
  const table = useRevealed<HTMLDivElement>(comparing.arrived.value);
  return (
    <>
      <h2>{text.title}</h2>
      <TaskLine />
      <p class="lead">{text.intro}</p>
      <form
        class="stack form"
        onSubmit={(event) => {
          event.preventDefault();
          void comparing.start.run();
        }}
      >
        <Included />
        <div class="two">
          <NumberField
            label={text.rollouts}
            value={comparing.rollouts}
            min={1}
            max={LIMITS.rollouts}
            testid="compare-rollouts"
          />
          <NumberField
            label={text.seed}
            value={comparing.seed}
            min={0}
            max={LIMITS.seed}
            testid="compare-seed"
          />
          <NumberField
            label={text.starts}
            value={comparing.starts}
            min={1}
            max={comparing.rollouts.value}
            placeholder={String(usualStarts(comparing.rollouts.value))}
            testid="compare-starts"
          />
        </div>
        {canBeTold(settings.task.value) && (
          <p class="hint" data-testid="compare-told">
            {settings.instruction.value
              ? compareText.value.allTold(settings.instruction.value)
              : compareText.value.allToldNothing}
          </p>
        )}
        <HorizonSlider testid="compare-ta" />
        <NfeSliders testid="compare-nfe" />
        <PerturbationsForm />
        <button
          type="submit"
          class="primary wide"
          data-testid="compare-start"
          disabled={running || comparing.start.busy.value || comparing.included.value.length === 0}
        >
          {comparing.result.value ? text.again : text.start}
        </button>
        <ActionError of={comparing.start} testid="compare-error" />
        {job && <JobLine job={job} />}
      </form>
      <Earlier />
      <a
        class="button wide"
        href={`experiments/#lang=${language.value}${shown ? `&name=${shown}` : ''}`}
        data-testid="compare-experiments"
      >
        <Icon name="play" size={14} /> {text.experiments}
      </a>
      {comparing.result.value ? (
        <div class="stack" ref={table}>
          <ComparisonTable comparison={comparing.result.value} at={comparing.at.value} />
          <TakeOver comparison={comparing.result.value} />
        </div>
      ) : (
        <p class="empty">{text.empty}</p>
      )}
    </>
  );
}

/**
 * Brings what has just arrived into sight, as it comes below what it was asked for with.
 *
 * @returns of what shows it
 */
function useRevealed<T extends Element>(arrived: unknown): Ref<T> {
  const { view } = useApp();
  const shown = useRef<T>(null);
  // What came before this was on the page is no news.
  const seen = useRef(arrived);
  useEffect(() => {
    if (arrived === seen.current) return;
    seen.current = arrived;
    const behavior = view.reducedMotion.peek() ? 'auto' : 'smooth';
    shown.current?.scrollIntoView({ block: 'start', behavior });
  }, [arrived, view]);
  return shown;
}

/** Which of the results that the server keeps is shown, where there is a choice. */
function Earlier() {
  const { comparing } = useApp();
  const text = compareText.value;
  const kept = comparing.kept.value;
  const shown = comparing.shown.value;
  const listed = kept.some(({ id }) => id === shown);
  if (kept.length === 0 || (kept.length === 1 && listed)) return null;
  const options = kept.map(({ id, at, comparison: { rollouts, policies } }) => ({
    value: id,
    label: `${formatMoment(at)} · ${rollouts} · ${titlesOf(policies).join(', ')}`,
  }));
  return (
    <SelectField
      label={text.earlier}
      value={listed && shown !== null ? shown : ''}
      options={listed ? options : [{ value: '', label: text.notKept }, ...options]}
      onChange={(id) => comparing.show(id)}
      testid="compare-earlier"
    />
  );
}

/** Nothing where the form asks for the same already. */
function TakeOver({ comparison }: { comparison: Comparison }) {
  const { comparing } = useApp();
  const { rollouts, starts, seed } = comparison;
  const asked = comparing.starts.value ?? usualStarts(comparing.rollouts.value);
  const same =
    comparing.rollouts.value === rollouts && asked === starts && comparing.seed.value === seed;
  if (same) return null;
  return (
    <button
      type="button"
      class="wide"
      data-testid="compare-take-over"
      onClick={() => comparing.takeOver(comparison)}
    >
      {compareText.value.takeOver}
    </button>
  );
}

function Included() {
  const { comparing } = useApp();
  const chosen = comparing.included.value;
  return (
    <fieldset class="included">
      <legend class="field-label">{compareText.value.policies}</legend>
      {LANES.map((lane) => (
        <label key={lane} class="check">
          <input
            type="checkbox"
            checked={chosen.includes(lane)}
            data-testid={`compare-${lane}`}
            onChange={() => {
              comparing.included.value = chosen.includes(lane)
                ? chosen.filter((each) => each !== lane)
                : [...chosen, lane];
            }}
          />
          <LaneName lane={lane} full />
        </label>
      ))}
    </fieldset>
  );
}
