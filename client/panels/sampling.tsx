import { useSignal, useSignalEffect } from '@preact/signals';
import { t } from '../i18n/index.ts';
import { type LaneId, SAMPLED_LANES } from '../lanes.ts';
import { useApp } from '../state/app.ts';
import { DEFAULT_HZ } from '../state/settings.ts';

const DEFAULT_HORIZON = 32;
/** Numbers of network calls worth trying: each is about half as many again as the one before. */
const NFE_STEPS = [1, 2, 3, 4, 6, 8, 10, 16, 25, 50, 100];

/** Ta as it is on the stage, control steps, and their rate (Hz); null before that is known. */
export function useActionHorizon(): { steps: number | null; hz: number } {
  const { player, settings } = useApp();
  const info = player.track.value?.info;
  const steps = settings.actionHorizon.value ?? info?.actionHorizon ?? null;
  return { steps, hz: info?.controlHz ?? DEFAULT_HZ };
}

/** Ta for all policies; the stage begins anew with it once the slider is let go. */
export function HorizonSlider({ testid }: { testid: string }) {
  const { player, settings } = useApp();
  const { steps, hz } = useActionHorizon();
  const plans = player.track.value?.info.lanes.map(({ predHorizon }) => predHorizon);
  const longest = Math.min(...(plans ?? [DEFAULT_HORIZON]));
  const text = t.value.sampling;
  return (
    <Slider
      label={text.ta}
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

/** Network calls a draw, of each policy that draws. */
export function NfeSliders({ testid }: { testid: string }) {
  return (
    <>
      {SAMPLED_LANES.map((lane) => (
        <NfeSlider key={lane} lane={lane} testid={`${testid}-${lane}`} />
      ))}
    </>
  );
}

function NfeSlider({ lane, testid }: { lane: LaneId; testid: string }) {
  const { session, settings } = useApp();
  const now = settings.nfe[lane].value ?? session.info(lane)?.nfe ?? null;
  const place = now === null ? null : NFE_STEPS.findIndex((steps) => steps >= now);
  return (
    <Slider
      label={t.value.sampling.nfe(t.value.short[lane])}
      value={place !== null && place < 0 ? NFE_STEPS.length - 1 : place}
      min={0}
      max={NFE_STEPS.length - 1}
      show={(index) => String(NFE_STEPS[index])}
      onCommit={(index) => {
        settings.nfe[lane].value = NFE_STEPS[index];
      }}
      testid={testid}
      kind={lane}
    />
  );
}

interface SliderProps {
  label: string;
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
function Slider({ label, value, min, max, show, onCommit, testid, kind = '' }: SliderProps) {
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
    <label class={`slider ${kind}`}>
      <span class="row spread">
        <span class="field-label">{label}</span>
        <output class="tabular">{shown === null ? '–' : show(shown)}</output>
      </span>
      <input
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
