import { ActionError } from '../../shared/widgets/error-note.tsx';
import { LevelChart } from '../../shared/widgets/level-chart.tsx';
import { StartStop } from './start-stop.tsx';
import { useStudio } from './studio-context.ts';
import { p } from './texts.ts';

/** At which noise level the painter errs, measured on cats it has not seen. */
export function LevelsSection() {
  const { painter, levels, measure } = useStudio();
  const text = p.value;
  if (!painter.value || painter.value.method === 'l2') return null;
  const measured = levels.value;
  return (
    <section class="pictures-section" aria-labelledby="picture-levels-title">
      <h2 id="picture-levels-title">{text.levelsTitle}</h2>
      <p class="lead">{text.levelsLead}</p>
      <div class="row wrap">
        <StartStop of={measure} label={text.measure} testid="picture-levels-measure" />
      </div>
      <ActionError of={measure} testid="picture-levels-error" />
      {measured && (
        <LevelChart
          objective={measured.objective}
          name={measured.painter}
          about={text.levelsOf(measured.draws)}
          bins={measured.bins}
        />
      )}
    </section>
  );
}
