import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { ForwardProcess } from '../../../policies/lesson/forward.ts';
import type { DemonstratedActions } from '../../../server/protocol/index.ts';
import { modeOf } from '../../shared/tasks/modes.ts';
import { ActionError } from '../../shared/widgets/error-note.tsx';
import { ForwardFacts, ForwardSteps } from '../../shared/widgets/forward-steps.tsx';
import { Icon } from '../../shared/widgets/icon.tsx';
import { RangeField } from '../../shared/widgets/range-field.tsx';
import { usePlayhead } from '../../shared/work/playhead.ts';
import { t } from '../../texts.ts';
import { DatasetField, NoDemonstrations } from './dataset-fields.tsx';
import { useLab } from './lesson-context.ts';
import { curvePoints } from './noise-curves.ts';
import { lessonText } from './texts.ts';

/** K of the diffusion that ships. */
const STEPS = 100;
const FILM = { milliseconds: 6000, end: STEPS, whole: true };
/** Drawn values reach so far: noise is seldom beyond three standard deviations. */
const REACH = 3;
const VIEW = { width: 100, height: 44 };

/** The forward process on a real demonstration, k by k. */
export function NoisingSection() {
  const { actions, dataset, read } = useLab();
  const text = lessonText.value;
  return (
    <section class="lesson-section" aria-labelledby="noising-title">
      <h2 id="noising-title">{text.noisingTitle}</h2>
      <p class="lead">{text.noisingLead}</p>
      <p class="formula">
        <span>
          a<sub>k</sub> = √ᾱ<sub>k</sub> · a<sub>0</sub> + √(1−ᾱ<sub>k</sub>) · ε
        </span>
      </p>
      <ActionError of={read} testid="noising-error" />
      {dataset.value === null ? (
        <NoDemonstrations />
      ) : (
        <>
          <EpisodeFields />
          {actions.value && <Noising actions={actions.value} />}
        </>
      )}
    </section>
  );
}

function EpisodeFields() {
  const { datasets, dataset, episode, actions } = useLab();
  const text = lessonText.value;
  const count = datasets.all.value?.find(({ name }) => name === dataset.value)?.episodes ?? 1;
  const task = datasets.all.value?.find(({ name }) => name === dataset.value)?.task ?? '';
  const mode = modeOf(task, actions.value?.mode ?? null);
  return (
    <div class="lesson-fields">
      <DatasetField testid="noising-dataset" />
      <RangeField
        label={text.episode}
        value={Math.min(episode.value, count - 1)}
        min={0}
        max={count - 1}
        onChange={(index) => {
          episode.value = index;
        }}
        testid="noising-episode"
      />
      <span class="noising-mode" style={{ color: mode?.colour }} data-testid="noising-mode">
        {mode ? text.goesRound(mode.text) : ''}
      </span>
    </div>
  );
}

function Noising({ actions: shown }: { actions: DemonstratedActions }) {
  const k = useSignal(0);
  const seed = useSignal(0);
  const head = usePlayhead(k, FILM);
  const forward = useMemo(
    () => new ForwardProcess(shown.actions, { steps: STEPS, seed: seed.value }),
    [shown, seed.value],
  );
  const text = lessonText.value;
  const { values, ...facts } = forward.at(k.value);
  return (
    <div class="noising">
      <div class="noising-controls diffusion">
        <ForwardSteps head={head} k={k.value} steps={STEPS} testid="noising" />
        <button
          type="button"
          data-testid="noising-again"
          onClick={() => {
            seed.value++;
          }}
        >
          <Icon name="again" size={16} />
          {t.value.noising.otherNoise}
        </button>
        <ForwardFacts {...facts} class="noising-numbers" testid="noising" />
      </div>
      <div class="noising-curves">
        {Array.from({ length: shown.actionDim }, (_, joint) => joint).map((joint) => (
          <Curve
            key={joint}
            label={joint < 7 ? t.value.state.joint(joint + 1) : t.value.state.gripper}
            clean={curvePoints(shown.actions, shown.actionDim, joint, VIEW, REACH)}
            noisy={curvePoints(values, shown.actionDim, joint, VIEW, REACH)}
          />
        ))}
      </div>
      <p class="hint">{text.noisingUnits}</p>
    </div>
  );
}

/** One component of the action over time: as demonstrated, and noised. */
function Curve({ label, clean, noisy }: { label: string; clean: string; noisy: string }) {
  return (
    <figure class="noising-curve diffusion">
      <svg
        viewBox={`0 0 ${VIEW.width} ${VIEW.height}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        <path class="zero" d={`M0 ${VIEW.height / 2}H${VIEW.width}`} />
        <polyline class="noisy" points={noisy} />
        <polyline class="clean" points={clean} />
      </svg>
      <figcaption>{label}</figcaption>
    </figure>
  );
}
