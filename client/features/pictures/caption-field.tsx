import { useId } from 'preact/hooks';
import { LIMITS } from '../../../server/protocol/limits.ts';
import { isDrawable } from './caption.ts';
import { useStudio } from './studio-context.ts';
import { p } from './texts.ts';

/** Of the words that cats wear; the last is of a combination that no training has seen. */
const EXAMPLES = [
  'a red cat wearing a party hat',
  'an astronaut cat with a hat',
  'a ginger cat without a hat',
  'a blue cat with a top hat',
] as const;

/** What is to be drawn; what no painter can read of it is said while it is typed. */
export function CaptionField() {
  const { typed, reading, caption, take } = useStudio();
  const id = useId();
  const note = useId();
  const text = p.value;
  const read = reading.value;
  const isRefused = !isDrawable(read);
  return (
    <div class="stack caption-field">
      <label class="field-label" for={id}>
        {text.caption}
      </label>
      <div class="row">
        <input
          id={id}
          type="text"
          value={typed.value}
          maxLength={LIMITS.instruction}
          placeholder={text.anyCat}
          aria-invalid={isRefused || read.unknown.length > 0}
          aria-describedby={note}
          autocomplete="off"
          spellcheck={false}
          enterkeyhint="go"
          lang="en"
          data-testid="caption"
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && !event.isComposing) take();
          }}
        />
        <button
          type="button"
          class="primary"
          disabled={isRefused || typed.value.trim() === caption.value}
          data-testid="picture-draw"
          onClick={take}
        >
          {text.draw}
        </button>
      </div>
      <div id={note} class="caption-notes" aria-live="polite">
        {read.contradiction !== null && (
          <p class="field-problem" data-testid="caption-contradiction">
            {read.contradiction}
          </p>
        )}
        {read.excess > 0 && (
          <p class="field-problem" data-testid="caption-long">
            {text.tooLong(read.excess)}
          </p>
        )}
        {read.unknown.length > 0 && (
          <p class="field-note" data-testid="caption-unknown">
            {read.saysNothing ? text.saysNothing(read.unknown) : text.unknown(read.unknown)}
          </p>
        )}
      </div>
      <ul class="chips" aria-label={text.examples}>
        {EXAMPLES.map((each) => (
          <li key={each}>
            <button
              type="button"
              class="small example"
              lang="en"
              onClick={() => {
                typed.value = each;
                take();
              }}
            >
              {each}
            </button>
          </li>
        ))}
        <li>
          <button
            type="button"
            class="small example"
            onClick={() => {
              typed.value = '';
              take();
            }}
          >
            {text.anyCat}
          </button>
        </li>
      </ul>
    </div>
  );
}
