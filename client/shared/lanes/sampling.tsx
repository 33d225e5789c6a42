import { useSignal, useSignalEffect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../../texts.ts';
import { useStores } from '../stores.ts';
import { Term } from '../words/term.tsx';
import type { Role } from './cast.ts';
import { etaChoices, nfeChoices, noised, redrawn } from './drawing.ts';
import { LANES, type LaneId } from './lanes.ts';
import { scaleText, shortNameOf } from './role-text.ts';
import { DEFAULT_HZ } from './settings.ts';

const DEFAULT_HORIZON = 32;

/** Ta as it is on the stage, control steps, and their rate (Hz); null before that is known. */
export function useActionHorizon(): { steps: number | null; hz: number } {
  const { player, settings } = useStores();
  const info = player.track.value?.info;
  const steps = settings.actionHorizon.value ?? info?.actionHorizon ?? null;
  return { steps, hz: info?.controlHz ?? DEFAULT_HZ };
}

/** Ta for all policies; the stage restarts with it once the slider is released. */
export function HorizonSlider({ testid }: { testid: string }) {
  const { player, settings } = useStores();
  const { steps, hz } = useActionHorizon();
  const plans = player.track.value?.info.lanes.map(({ predHorizon }) => predHorizon);
  const longest = Math.min(...(plans ?? [DEFAULT_HORIZON]));
  const text = t.value.sampling;
  return (
    <Slider
      label={<Term id="ta">{text.ta}</Term>}
      value={steps}
      min={1}
      max={longest}
      show={(value) => text.taValue(value, (value / hz).toFixed(2))}
      onCommit={(value) => {
        settings.actionHorizon.value = value;
      }}
      testid={testid}
    />
  );
}

/** Network calls a draw, of each lane in which there is a choice. */
export function NfeSliders({ testid }: { testid: string }) {
  const { cast } = useStores();
  return (
    <>
      {LANES.map((lane) => (
        <NfeSlider
          key={lane}
          lane={lane}
          label={<Term id="calls">{t.value.sampling.nfe(nameWithSampler(cast.of(lane)))}</Term>}
          testid={`${testid}-${lane}`}
        />
      ))}
    </>
  );
}

function nameWithSampler(role: Role): string {
  const scale = role.guidance === null ? [] : [scaleText(role.guidance)];
  const drawn = role.drawing ? [t.value.sampler[role.drawing.sampler]] : [];
  return [shortNameOf(role), ...drawn, ...scale].join(' · ');
}

/** Nothing where the sampler leaves no choice. */
export function NfeSlider({
  lane,
  label,
  testid,
}: {
  lane: LaneId;
  label: ComponentChildren;
  testid: string;
}) {
  const { cast, session } = useStores();
  const { choice, name, objective, drawing } = cast.of(lane);
  if (!choice || !objective || !drawing) return null;
  if (drawing.range.least === drawing.range.most) return null;
  const choices = nfeChoices(drawing);
  return (
    <Slider
      label={label}
      value={choices.indexOf(drawing.nfe)}
      min={0}
      max={choices.length - 1}
      show={(index) => String(choices[index])}
      onCommit={(index) =>
        session.choose(lane, redrawn(choice, objective, drawing.sampler, choices[index]))
      }
      testid={testid}
      kind={name ?? ''}
    />
  );
}

/** Fresh noise of a lane's sampler; nothing where it has no such choice. */
export function EtaSlider({ lane }: { lane: LaneId }) {
  const { cast, session } = useStores();
  const { choice, name, drawing } = cast.of(lane);
  if (!choice || drawing?.eta == null) return null;
  const choices = etaChoices(drawing.eta);
  return (
    <Slider
      label={<Term id="eta">{t.value.sampling.eta}</Term>}
      value={choices.indexOf(drawing.eta)}
      min={0}
      max={choices.length - 1}
      show={(index) => String(choices[index])}
      onCommit={(index) => session.choose(lane, noised(choice, choices[index]))}
      testid={`lane-${lane}-eta`}
      kind={name ?? ''}
    />
  );
}

interface SliderProps {
  label: ComponentChildren;
  /** Null while the server has not said it. */
  value: number | null;
  min: number;
  max: number;
  show(value: number): string;
  onCommit(value: number): void;
  testid: string;
  kind?: string;
}

/** Shows its value while it is moved, and takes it over when it is let go. */
export function Slider({ label, value, min, max, show, onCommit, testid, kind = '' }: SliderProps) {
  const id = useId();
  const moving = useSignal<number | null>(null);
  const latest = useSignal<number | null>(value);
  latest.value = value;
  // What arrived from elsewhere in the meantime wins.
  useSignalEffect(() => {
    latest.value;
    moving.value = null;
  });
  const shown = moving.value ?? value;
  return (
    // Named by it: a word that is explained is a control of its own within the label.
    <label class={`slider ${kind}`} for={id}>
      <span class="row spread">
        <span class="field-label">{label}</span>
        <output class="tabular">{shown === null ? '–' : show(shown)}</output>
      </span>
      <input
        id={id}
        type="range"
        min={min}
        max={max}
        step={1}
        value={shown ?? min}
        disabled={shown === null}
        aria-valuetext={shown === null ? '–' : show(shown)}
        data-testid={testid}
        onInput={(event) => {
          moving.value = Number(event.currentTarget.value);
        }}
        onChange={(event) => {
          onCommit(Number(event.currentTarget.value));
          moving.value = null;
        }}
      />
    </label>
  );
}
