/** The forward process, step by step: how far it has come, and what is left of the data there. */
import { t } from '../../texts.ts';
import type { Playhead } from '../work/playhead.ts';
import { PlayButton } from './play-button.tsx';
import { RangeField } from './range-field.tsx';

/** Plays the steps, or shows one of them. */
export function ForwardSteps({
  head,
  k,
  steps,
  testid,
}: {
  head: Playhead;
  k: number;
  /** K: the last of them. */
  steps: number;
  testid: string;
}) {
  const text = t.value.noising;
  return (
    <>
      <PlayButton
        playing={head.playing}
        labels={{ play: text.playSteps, pause: text.holdSteps }}
        testid={`${testid}-play`}
        size={18}
        onClick={head.toggle}
      />
      <RangeField
        label={text.diffusionStep}
        value={k}
        min={0}
        max={steps}
        show={(value) => `k = ${value} / ${steps}`}
        onChange={head.hold}
        testid={`${testid}-k`}
      />
    </>
  );
}

/** How much of what is shown is data. */
export function ForwardFacts({
  alphaBar,
  signalToNoise,
  class: className,
  testid,
}: {
  alphaBar: number;
  signalToNoise: number;
  class: string;
  testid: string;
}) {
  return (
    <dl class={`${className} tabular`}>
      <div>
        <dt>ᾱₖ</dt>
        <dd data-testid={`${testid}-alpha`}>{alphaBar.toPrecision(3)}</dd>
      </div>
      <div>
        <dt>{t.value.noising.signalToNoise}</dt>
        <dd data-testid={`${testid}-snr`}>{decibels(signalToNoise)}</dd>
      </div>
    </dl>
  );
}

function decibels(ratio: number): string {
  if (!Number.isFinite(ratio)) return '∞ dB';
  return `${(10 * Math.log10(ratio)).toFixed(1).replace('-', '−')} dB`;
}
