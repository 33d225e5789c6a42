import { useApp } from '../../app.ts';
import { GUIDANCE_SCALES, guided } from '../../shared/lanes/drawing.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { t } from '../../texts.ts';

/** How much a lane's policy regards what it is told; nothing where that cannot be chosen. */
export function GuidanceSwitch({ lane }: { lane: LaneId }) {
  const { cast, session } = useApp();
  const text = t.value.guidance;
  const { choice, guidance } = cast.of(lane);
  if (choice === null || guidance === null) return null;
  // Also one that an address asks for.
  const scales = [...new Set([...GUIDANCE_SCALES, guidance])].sort((a, b) => a - b);
  return (
    <fieldset class="guidance" title={text.hint}>
      <legend>
        <span aria-hidden="true">w</span>
        <span class="visually-hidden">{text.label}</span>
      </legend>
      <div class="segments">
        {scales.map((scale) => (
          <button
            key={scale}
            type="button"
            class="tabular"
            aria-pressed={scale === guidance}
            data-testid={`lane-${lane}-guidance-${scale}`}
            onClick={() => session.choose(lane, guided(choice, scale))}
          >
            {scale}
          </button>
        ))}
      </div>
      {/* Where there is no room for buttons side by side. */}
      <select
        class="guidance-select tabular"
        aria-label={text.label}
        value={String(guidance)}
        data-testid={`lane-${lane}-guidance`}
        onChange={(event) => {
          session.choose(lane, guided(choice, Number(event.currentTarget.value)));
        }}
      >
        {scales.map((scale) => (
          <option key={scale} value={String(scale)} selected={scale === guidance}>
            {scale}
          </option>
        ))}
      </select>
    </fieldset>
  );
}

/** What a scale makes of an instruction, in a word. */
export function guidanceText(scale: number): string {
  const text = t.value.guidance;
  if (scale === 0) return text.ignores;
  if (scale === 1) return text.follows;
  return scale < 1 ? text.halfListens : text.exaggerates;
}
