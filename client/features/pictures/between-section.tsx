import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { LIMITS } from '../../../server/protocol/limits.ts';
import { ActionError } from '../../shared/widgets/error-note.tsx';
import { RangeField } from '../../shared/widgets/range-field.tsx';
import { isDrawable, readCaption } from './caption.ts';
import { PixelCanvas } from './pixel-canvas.tsx';
import { StartStop } from './start-stop.tsx';
import { BETWEEN } from './studio.ts';
import { useStudio } from './studio-context.ts';
import { p } from './texts.ts';

/** From one caption to another with the noise held: what a share of each asks for. */
export function BetweenSection() {
  const { painter, caption, other, between, drawBetween } = useStudio();
  const at = useSignal(0);
  const id = useId();
  const note = useId();
  const text = p.value;
  if (!painter.value) return null;
  const read = readCaption(other.value, painter.value);
  const strip = between.value;
  return (
    <section class="pictures-section" aria-labelledby="between-title">
      <h2 id="between-title">{text.betweenTitle}</h2>
      <p class="lead">{text.betweenLead}</p>
      <div class="row wrap between-fields">
        <div class="field">
          <label class="field-label" for={id}>
            {text.otherCaption}
          </label>
          <input
            id={id}
            type="text"
            value={other.value}
            maxLength={LIMITS.instruction}
            autocomplete="off"
            spellcheck={false}
            lang="en"
            aria-invalid={!isDrawable(read) || read.unknown.length > 0}
            aria-describedby={note}
            data-testid="between-caption"
            onInput={(event) => {
              other.value = event.currentTarget.value;
            }}
          />
        </div>
        <StartStop
          of={drawBetween}
          label={text.drawBetween}
          testid="between-draw"
          disabled={!isDrawable(read)}
        />
      </div>
      <p id={note} class="field-problem">
        {read.contradiction ??
          (read.excess > 0
            ? text.tooLong(read.excess)
            : read.unknown.length > 0
              ? text.unknown(read.unknown)
              : null)}
      </p>
      <ActionError of={drawBetween} testid="between-error" />
      {strip && (
        <div class="picture-card between">
          <figure class="between-large">
            <PixelCanvas
              rgb={strip.pictures[at.value] ?? null}
              size={strip.size}
              label={text.betweenLabel(at.value / (BETWEEN - 1))}
              testid="between-picture"
            />
          </figure>
          <div class="stack">
            <RangeField
              label={text.share}
              value={at.value}
              min={0}
              max={BETWEEN - 1}
              show={(place) => `${Math.round((100 * place) / (BETWEEN - 1))} %`}
              onChange={(place) => {
                at.value = place;
              }}
              testid="between-share"
            />
            <div class="row spread hint">
              <span lang="en">{caption.value || text.anyCat}</span>
              <span lang="en" class="between-end">
                {other.value || text.anyCat}
              </span>
            </div>
            <ol class="between-strip">
              {strip.pictures.map((picture, i) => (
                // Places of one strip: they never change their order.
                <li key={i} class={i === at.value ? 'chosen' : ''}>
                  <PixelCanvas rgb={picture} size={strip.size} label={null} />
                </li>
              ))}
            </ol>
          </div>
        </div>
      )}
    </section>
  );
}
