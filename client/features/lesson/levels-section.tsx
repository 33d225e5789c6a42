import type { NoiseLevels, PolicySource } from '../../../server/protocol/index.ts';
import { nameOfSource, runOf } from '../../../server/protocol/sources.ts';
import { ActionError } from '../../shared/widgets/error-note.tsx';
import { SelectField } from '../../shared/widgets/fields.tsx';
import { LevelChart } from '../../shared/widgets/level-chart.tsx';
import { t } from '../../texts.ts';
import { DatasetField, NoDemonstrations } from './dataset-fields.tsx';
import { NOISED_POLICIES } from './lab-state.ts';
import { useLab } from './lesson-context.ts';
import { lessonText } from './texts.ts';

/** Before the ids of runs in the list of policies. */
const RUN = 'run:';

/** At which noise level a policy's network errs, measured on the server. */
export function LevelsSection() {
  const { dataset, policy, measure, levels } = useLab();
  const text = lessonText.value;
  const shipped = runOf(policy.value) === null;
  return (
    <section class="lesson-section" aria-labelledby="levels-title">
      <h2 id="levels-title">{text.levelsTitle}</h2>
      <p class="lead">{text.levelsLead}</p>
      {shipped && dataset.value === null ? (
        <NoDemonstrations />
      ) : (
        <div class="lesson-fields">
          <PolicyField />
          {shipped && <DatasetField testid="levels-dataset" />}
          <button
            type="button"
            class="primary"
            disabled={measure.busy.value}
            data-testid="levels-measure"
            onClick={() => void measure.run()}
          >
            {measure.busy.value && <span class="spinner" />}
            {measure.busy.value ? text.measuring : text.measure}
          </button>
        </div>
      )}
      <ActionError of={measure} testid="levels-error" />
      <div class="levels-results">
        {levels.value.map((result) => (
          <Measured key={`${result.policy} ${result.dataset} ${result.bins[0].loss}`} of={result} />
        ))}
      </div>
    </section>
  );
}

function PolicyField() {
  const { policy, runs } = useLab();
  const text = lessonText.value;
  const keyOf = (source: PolicySource) =>
    runOf(source) === null ? nameOfSource(source) : `${RUN}${nameOfSource(source)}`;
  const sources: readonly PolicySource[] = [
    ...NOISED_POLICIES.map((name): PolicySource => ({ kind: 'shipped', name })),
    ...runs.value.map(({ id }): PolicySource => ({ kind: 'run', id })),
  ];
  return (
    <SelectField
      label={t.value.train.policy}
      value={keyOf(policy.value)}
      options={sources.map((source) => ({
        value: keyOf(source),
        label: runOf(source) ?? text.shipped(text.noised[nameOf(nameOfSource(source))]),
      }))}
      onChange={(value) => {
        policy.value = sources.find((source) => keyOf(source) === value) ?? policy.value;
      }}
      testid="levels-policy"
    />
  );
}

function nameOf(name: string): (typeof NOISED_POLICIES)[number] {
  return NOISED_POLICIES.find((each) => each === name) ?? 'diffusion';
}

/** What one measuring found. */
function Measured({
  of: { policy, objective, prediction, dataset, bins, draws },
}: {
  of: NoiseLevels;
}) {
  const text = lessonText.value;
  const answers = prediction === null ? text.answers.velocity : text.answers[prediction];
  const about = text.levelsOf(answers, draws, dataset);
  return <LevelChart objective={objective} name={policy} about={about} bins={bins} />;
}
