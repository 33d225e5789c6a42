import { useSignal } from '@preact/signals';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { LIMITS } from '../../../server/protocol/limits.ts';
import { useApp } from '../../app.ts';
import { nfeChoices } from '../../shared/lanes/drawing.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { Term } from '../../shared/words/term.tsx';
import { t } from '../../texts.ts';
import { useRoom } from './room.ts';

/** How many network calls a plan takes; nothing where there is no choice. */
export function CallsSlider({ lane }: { lane: LaneId }) {
  const { cast } = useApp();
  const { calls, denoisings } = useRoom().denoising;
  const moving = useSignal<number | null>(null);
  const { drawing } = cast.of(lane);
  const range = denoisings[lane].value?.range ?? drawing?.range;
  if (!drawing || !range || range.least === range.most) return null;
  const usual = { ...drawing, range: { ...drawing.range, ...range } };
  const choices = nfeChoices(usual).filter((each) => each <= LIMITS.inquiry.calls);
  const asked = calls[lane].value ?? drawing.nfe;
  const at = moving.value ?? Math.max(0, choices.indexOf(asked));
  return (
    <label class="slider">
      <span class="row spread">
        <span class="field-label">
          <Term id="calls">{t.value.denoise.calls}</Term>
        </span>
        <output class="tabular">{choices[at]}</output>
      </span>
      <input
        type="range"
        min={0}
        max={choices.length - 1}
        step={1}
        value={at}
        aria-valuetext={String(choices[at])}
        data-testid="denoise-calls"
        onInput={(event) => {
          moving.value = Number(event.currentTarget.value);
        }}
        onChange={(event) => {
          const chosen = choices[Number(event.currentTarget.value)];
          calls[lane].value = chosen === drawing.nfe ? null : chosen;
          moving.value = null;
        }}
      />
    </label>
  );
}
