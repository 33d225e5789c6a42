import { useApp } from '../../app.ts';
import { LaneName } from '../../shared/lanes/lane-name.tsx';
import { LANES } from '../../shared/lanes/lanes.ts';
import { HorizonSlider, NfeSliders, useActionHorizon } from '../../shared/lanes/sampling.tsx';
import { resetSettings } from '../../shared/lanes/settings.ts';
import { canBeTold, taskOf } from '../../shared/tasks/stage-tasks.ts';
import { TaskLine } from '../../shared/tasks/task-line.tsx';
import { Term } from '../../shared/words/term.tsx';
import { t } from '../../texts.ts';
import { MeanFigure } from './mean-figure.tsx';

/** Executing plans for less than this, policies look again often enough to leave the middle. s */
const SHORT = 0.5;

/** The lesson, beside what it is about. */
export function WhyPanel() {
  const { settings } = useApp();
  return canBeTold(settings.task.value) ? <WhyTold /> : <WhyTheyDiffer />;
}

function WhyTold() {
  const text = t.value.whyTold;
  return (
    <>
      <h2>{text.title}</h2>
      <TaskLine />
      <section>
        <h3>{text.choiceTitle}</h3>
        <p>{text.choice}</p>
      </section>
      <section>
        <h3>{text.readTitle}</h3>
        <p>{text.read}</p>
      </section>
      <section>
        <h3>
          <Term id="guidance">{text.guidanceTitle}</Term>
        </h3>
        <p>{text.guidance}</p>
        <p class="formula">
          <span>
            v = v(∅) + <b>w</b> · (v(c) − v(∅))
          </span>
        </p>
        <p>{text.scales}</p>
      </section>
      <section>
        <h3>{text.wordsTitle}</h3>
        <p>{text.words}</p>
      </section>
      <section class="try">
        <h3>{t.value.why.horizonTitle}</h3>
        <HorizonSlider testid="ta-slider" />
        <TallyTable />
        <ResetButton />
      </section>
    </>
  );
}

function WhyTheyDiffer() {
  const text = t.value.why;
  const { settings } = useApp();
  const { modes } = taskOf(settings.task.value);
  const two = modes.length === 2;
  const claim = two ? text.two : text.many;
  const { steps, hz } = useActionHorizon();
  const seconds = (steps ?? 0) / hz;
  const shown = String(Number(seconds.toFixed(2)));
  return (
    <>
      <h2>{text.title}</h2>
      <TaskLine />
      <section>
        <h3>{claim.title(modes.length)}</h3>
        <p>{claim.answers(modes.map(({ label }) => t.value.mode[label]).join(', '))}</p>
        {two && <MeanFigure />}
      </section>
      <section>
        <h3 class="l2">
          <Term id="averaging">{text.meanTitle}</Term>
        </h3>
        <p>{claim.mean}</p>
        <p class="formula">
          <span>L = ‖a − f(o)‖²</span>
          <span>
            f(o) = <b>E</b>[a | o]
          </span>
        </p>
      </section>
      <section>
        <h3>
          <Term id="mode">{text.sampleTitle}</Term>
        </h3>
        <p>{claim.sample}</p>
        <p class="formula">a ~ p(a | o)</p>
      </section>
      <section class="try">
        <h3>{text.horizonTitle}</h3>
        <HorizonSlider testid="ta-slider" />
        {steps !== null && two && (
          <p>{seconds < SHORT ? text.horizonShort(shown) : text.horizonLong(shown)}</p>
        )}
        <TallyTable />
        <p class="hint">{text.horizonHint}</p>
      </section>
      <section class="try">
        <h3>{text.nfeTitle}</h3>
        <p>{text.nfe}</p>
        <NfeSliders testid="nfe-slider" />
        <ResetButton />
      </section>
    </>
  );
}

function ResetButton() {
  const { cast, settings } = useApp();
  return (
    <button
      type="button"
      class="small"
      data-testid="settings-reset"
      onClick={() => resetSettings(settings, cast.first.value)}
    >
      {t.value.sampling.reset}
    </button>
  );
}

/** What came out under each action horizon that was tried: the reader's own evidence. */
function TallyTable() {
  const { session } = useApp();
  const { steps } = useActionHorizon();
  const text = t.value.why;
  const tally = session.tally.value;
  if (tally.size === 0) return <p class="empty">{text.tallyEmpty}</p>;
  return (
    <table class="tally" data-testid="tally">
      <caption>{text.tallyTitle}</caption>
      <thead>
        <tr>
          <th scope="col">
            <Term id="ta">{text.tallyTa}</Term>
          </th>
          {LANES.map((lane) => (
            <th key={lane} scope="col">
              <LaneName lane={lane} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody class="tabular">
        {[...tally].map(([horizon, counts]) => (
          <tr key={horizon} class={horizon === steps ? 'current' : ''}>
            <th scope="row">{horizon}</th>
            {LANES.map((lane) => {
              const { successes, episodes } = counts[lane] ?? { successes: 0, episodes: 0 };
              return (
                <td key={lane} data-testid={`tally-${horizon}-${lane}`}>
                  {episodes > 0 ? `${successes}/${episodes}` : '–'}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
