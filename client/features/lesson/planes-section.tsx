import { useComputed } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { LIVE_STEPS } from '../../../policies/lesson/target.ts';
import { cssColor, POLICY_ACCENTS } from '../../shared/colors.ts';
import { ProgressBar } from '../../shared/widgets/bars.tsx';
import { ErrorNote } from '../../shared/widgets/error-note.tsx';
import { CheckField } from '../../shared/widgets/fields.tsx';
import { formatCount, formatLoss } from '../../shared/widgets/format.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { PlayButton } from '../../shared/widgets/play-button.tsx';
import { Plot } from '../../shared/widgets/plot.tsx';
import { RangeField } from '../../shared/widgets/range-field.tsx';
import { isStill, SAMPLING_FILM, usePlayhead } from '../../shared/work/playhead.ts';
import { t } from '../../texts.ts';
import { useLesson } from './lesson-context.ts';
import { TARGETS } from './lesson-state.ts';
import { lossCurve } from './loss-curve.ts';
import { Planes } from './plane-card.tsx';
import { lessonText } from './texts.ts';

/** How long the end of a film is looked at, ms. */
const STAY = 1400;

/** Diffusion's stairs beside flow's straight line, trained while one watches. */
export function PlanesSection() {
  const { error } = useLesson();
  const text = lessonText.value;
  return (
    <section class="lesson-section" aria-labelledby="planes-title">
      <h2 id="planes-title">{text.planesTitle}</h2>
      <p class="lead">{text.planesLead}</p>
      <div class="lesson-controls">
        <TargetField />
        <TrainingControls />
      </div>
      <SetAside />
      {error.value !== null && <ErrorNote message={error.value} testid="lesson-error" />}
      <Planes />
      <SamplingControls />
      <Losses />
    </section>
  );
}

/** What is to be learnt. */
function TargetField() {
  const lesson = useLesson();
  const text = lessonText.value;
  return (
    <div class="row wrap">
      <fieldset class="segments">
        <legend class="visually-hidden">{text.target}</legend>
        {TARGETS.map((name) => (
          <button
            key={name}
            type="button"
            aria-pressed={lesson.targetName.value === name}
            title={text.targetHints[name]}
            data-testid={`target-${name}`}
            onClick={() => {
              lesson.targetName.value = name;
            }}
          >
            {text.targets[name]}
          </button>
        ))}
      </fieldset>
      {lesson.targetName.value === 'own' && (
        <button
          type="button"
          class="small"
          disabled={lesson.own.value.length === 0}
          data-testid="own-clear"
          onClick={() => lesson.clear()}
        >
          {text.clear}
        </button>
      )}
      <button
        type="button"
        class="small"
        disabled={!lesson.canUndo.value}
        title={text.undoHint}
        data-testid="own-undo"
        onClick={() => lesson.undo()}
      >
        {t.value.undo}
      </button>
    </div>
  );
}

/** That what was trained before the last press is not lost. */
function SetAside() {
  const { setAside } = useLesson();
  const steps = setAside.value;
  return (
    <p class="set-aside" role="status" data-testid="set-aside">
      {steps > 0 && lessonText.value.setAside(formatCount(steps))}
    </p>
  );
}

function TrainingControls() {
  const { playing, losses, rate, restart, target } = useLesson();
  const text = lessonText.value;
  const steps = losses.value.length;
  const done = steps >= LIVE_STEPS;
  const label = playing.value ? text.pause : text.train;
  return (
    <div class="row training-controls">
      <button
        type="button"
        class="primary"
        disabled={done || target.value === null}
        data-testid="train-play"
        onClick={() => {
          playing.value = !playing.value;
        }}
      >
        <Icon name={playing.value ? 'pause' : 'play'} size={16} />
        {done ? text.trained : label}
      </button>
      <button
        type="button"
        disabled={target.value === null}
        data-testid="train-restart"
        title={text.restartHint}
        onClick={() => restart()}
      >
        <Icon name="again" size={16} />
        {text.restart}
      </button>
      <div class="training-progress">
        <ProgressBar value={steps / LIVE_STEPS} label={text.steps} />
        <span class="small-text muted tabular">
          <span data-testid="train-steps" data-steps={steps}>
            {text.stepsOf(formatCount(steps), formatCount(LIVE_STEPS))}
          </span>
          {rate.value !== null &&
            !done &&
            ` · ${text.rate(rate.value.toFixed(rate.value < 10 ? 1 : 0))}`}
        </span>
      </div>
    </div>
  );
}

/** The way from noise to data, again and again until someone takes hold of it, and which arrows lie under it. */
function SamplingControls() {
  const { progress, arrows, drawing } = useLesson();
  const still = isStill();
  const head = usePlayhead(progress, { ...SAMPLING_FILM, stay: STAY, running: !still });
  useEffect(() => {
    if (still) progress.value = 1;
  }, [still, progress]);
  const text = lessonText.value;
  return (
    <div class="sampling-controls">
      <PlayButton
        playing={head.playing}
        labels={{ play: t.value.noising.playSampling, pause: t.value.noising.pauseSampling }}
        testid="sampling-play"
        size={18}
        onClick={head.toggle}
      />
      <label class="sampling-slider">
        <span class="muted">{t.value.noising.noise}</span>
        <input
          type="range"
          min={0}
          max={1}
          step={0.001}
          value={progress.value}
          aria-label={t.value.noising.progress}
          data-testid="sampling-progress"
          onInput={(event) => head.hold(Number(event.currentTarget.value))}
        />
        <span class="muted">{t.value.noising.data}</span>
      </label>
      <div class="sampling-options">
        <CheckField label={text.arrowsLearnt} checked={arrows.learnt} testid="arrows-learnt" />
        <CheckField label={text.arrowsBest} checked={arrows.best} testid="arrows-best" />
        <RangeField
          label={text.count}
          value={drawing.value.count}
          min={1}
          max={96}
          onChange={(count) => {
            drawing.value = { ...drawing.value, count };
          }}
          testid="sampling-count"
        />
      </div>
    </div>
  );
}

function Losses() {
  const { losses } = useLesson();
  const text = lessonText.value;
  const curve = useComputed(() => lossCurve(losses.value, LIVE_STEPS));
  const [x, diffusion, flow] = curve.value;
  const last = x.length - 1;
  const line = (kind: 'diffusion' | 'flow') => ({
    stroke: cssColor(POLICY_ACCENTS[kind]),
    width: 1.6,
    points: { show: false },
  });
  return (
    <figure class="lesson-losses">
      <figcaption class="row wrap">
        <h3>{text.losses}</h3>
        {last >= 0 && (
          <>
            <span class="lane-name diffusion tabular" data-testid="loss-diffusion">
              {t.value.short.diffusion} {formatLoss(diffusion[last] ?? 0)}
            </span>
            <span class="lane-name flow tabular" data-testid="loss-flow">
              {t.value.short.flow} {formatLoss(flow[last] ?? 0)}
            </span>
          </>
        )}
        <span class="hint push">{text.lossesDiffer}</span>
      </figcaption>
      {last < 0 ? (
        <div class="plot-empty">{text.noLosses}</div>
      ) : (
        <Plot
          identity="diffusion|flow"
          series={[line('diffusion'), line('flow')]}
          data={curve.value}
          height={130}
          label={t.value.train.curveLabel}
          testid="lesson-losses"
        />
      )}
    </figure>
  );
}
