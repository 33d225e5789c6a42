import { t } from '../i18n/index.ts';
import { LANES } from '../lanes.ts';
import { canBeTold } from '../stage-tasks.ts';
import { useApp } from '../state/app.ts';
import { isActive } from '../state/jobs.ts';
import { ActionError } from '../widgets/error-note.tsx';
import { NumberField } from '../widgets/fields.tsx';
import { ComparisonTable } from './comparison-table.tsx';
import { JobLine } from './job-line.tsx';
import { LaneName } from './lane-name.tsx';
import { HorizonSlider, NfeSliders } from './sampling.tsx';
import { TaskLine } from './task-line.tsx';

/** Measures the policies on the stage, many episodes at once. */
export function ComparePanel() {
  const { comparing, settings } = useApp();
  const text = t.value.compare;
  const job = comparing.job.value;
  const running = job !== null && isActive(job);
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
            max={10_000}
            testid="compare-rollouts"
          />
          <NumberField
            label={text.seed}
            value={comparing.seed}
            min={0}
            max={16_383}
            testid="compare-seed"
          />
        </div>
        {canBeTold(settings.task.value) && (
          <p class="hint" data-testid="compare-told">
            {settings.instruction.value
              ? t.value.told.compare(settings.instruction.value)
              : t.value.told.compareNothing}
          </p>
        )}
        <HorizonSlider testid="compare-ta" />
        <NfeSliders testid="compare-nfe" />
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
      {comparing.result.value ? (
        <ComparisonTable comparison={comparing.result.value} />
      ) : (
        <p class="empty">{text.empty}</p>
      )}
    </>
  );
}

function Included() {
  const { comparing } = useApp();
  const chosen = comparing.included.value;
  return (
    <fieldset class="included">
      <legend class="field-label">{t.value.compare.policies}</legend>
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
