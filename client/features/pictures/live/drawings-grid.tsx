import { LIVE_SIZE } from '../../../../policies/pictures/live-size.ts';
import { formatCount } from '../../../shared/widgets/format.ts';
import { RangeField } from '../../../shared/widgets/range-field.tsx';
import { PixelCanvas } from '../pixel-canvas.tsx';
import type { LiveState } from './live-state.ts';
import { l } from './texts.ts';

const NUMBERS = 3 * LIVE_SIZE * LIVE_SIZE;
/** Largest w that can be chosen here. */
const MOST_GUIDANCE = 4;

/** What the captions draw, each time from the same noise; earlier drawings can be looked at again. */
export function DrawingsGrid({ of }: { of: LiveState }) {
  const { drawings, lookedAt, guidance } = of;
  const text = l.value;
  const all = drawings.value;
  const wanted = lookedAt.value;
  const at =
    wanted === null
      ? all.length - 1
      : Math.max(
          0,
          all.findLastIndex(({ step }) => step <= wanted),
        );
  const drawing = all[at];
  if (!drawing) return <p class="plot-empty">{text.noDrawings}</p>;
  const { captions, rgb } = drawing;
  const step = formatCount(drawing.step);
  const rows = rgb.length / NUMBERS / captions.length;
  return (
    <figure class="live-drawings" data-testid="live-drawings" data-step={drawing.step}>
      <div class="live-columns">
        {captions.map((caption, column) => (
          <figure key={column} class="live-column">
            {Array.from({ length: rows }, (_, row) => {
              const i = row * captions.length + column;
              return (
                <PixelCanvas
                  key={row}
                  rgb={rgb.subarray(i * NUMBERS, (i + 1) * NUMBERS)}
                  size={LIVE_SIZE}
                  label={text.pictureLabel(caption, row + 1, step)}
                />
              );
            })}
            <figcaption>{caption}</figcaption>
          </figure>
        ))}
      </div>
      <figcaption class="hint tabular">{text.drawn(step)}</figcaption>
      <div class="live-sliders">
        <RangeField
          label={text.lookBack}
          value={at}
          min={0}
          max={Math.max(1, all.length - 1)}
          disabled={all.length < 2}
          show={(i) => (i >= all.length - 1 ? text.newest : text.atStep(formatCount(all[i].step)))}
          onChange={(i) => {
            lookedAt.value = i >= all.length - 1 ? null : all[i].step;
          }}
          testid="live-look-back"
        />
        <RangeField
          label={text.guidance}
          value={guidance.value}
          min={0}
          max={MOST_GUIDANCE}
          step={0.5}
          onChange={(w) => {
            guidance.value = w;
          }}
          testid="live-guidance"
        />
      </div>
    </figure>
  );
}
