import { useComputed, useSignal } from '@preact/signals';
import { LIMITS } from '../../../server/protocol/limits.ts';
import { useApp } from '../../app.ts';
import { LANES } from '../../shared/lanes/lanes.ts';
import { ErrorNote } from '../../shared/widgets/error-note.tsx';
import { Icon } from '../../shared/widgets/icon.tsx';
import { t } from '../../texts.ts';

/** In the language the policies have learnt, whatever the page's is. */
const SUGGESTIONS = ['hand me the red apple', 'take the green one from the left', ''] as const;

/** What all policies are told: a sentence of each episode's own until a person says one. */
export function TellBar() {
  const { player, session, settings } = useApp();
  const text = t.value.tell;
  const typed = useSignal<string | null>(null);
  const said = useComputed(
    () => settings.instruction.value ?? player.track.value?.info.instruction ?? '',
  );
  const pinned = settings.instruction.value !== null;
  const say = (instruction: string) => {
    typed.value = null;
    player.live();
    settings.instruction.value = instruction;
  };
  const problem = session.instructionError.value;
  return (
    <form
      class="tell-bar"
      data-testid="tell"
      onSubmit={(event) => {
        event.preventDefault();
        say((typed.value ?? said.value).trim());
      }}
    >
      <div class="tell-field">
        <Icon name="speech" size={18} />
        <input
          type="text"
          lang="en"
          spellcheck={false}
          autocomplete="off"
          enterkeyhint="send"
          aria-label={text.label}
          placeholder={pinned || typed.value !== null ? text.silence : text.eachHint}
          maxLength={LIMITS.instruction}
          value={typed.value ?? said.value}
          data-testid="tell-text"
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key !== 'Escape') return;
            typed.value = null;
            event.currentTarget.blur();
          }}
          onBlur={() => {
            if (typed.value === said.value) typed.value = null;
          }}
        />
        <UnknownWords />
        {typed.value !== null && typed.value.trim() !== said.value && (
          <button type="submit" class="primary small" data-testid="tell-say">
            {text.say}
          </button>
        )}
      </div>
      <div class="tell-choices">
        <button
          type="button"
          class={`chip-button ${pinned ? '' : 'on'}`}
          aria-pressed={!pinned}
          title={text.eachHint}
          data-testid="tell-each"
          onClick={() => {
            typed.value = null;
            settings.instruction.value = null;
          }}
        >
          <Icon name="again" size={13} />
          {text.each}
        </button>
        {SUGGESTIONS.map((suggestion) => {
          const on = settings.instruction.value === suggestion;
          return (
            <button
              key={suggestion}
              type="button"
              class={`chip-button ${on ? 'on' : ''}`}
              aria-pressed={on}
              data-testid={`tell-${suggestion.replaceAll(' ', '-') || 'nothing'}`}
              onClick={() => say(suggestion)}
            >
              {suggestion === '' ? text.nothing : <q lang="en">{suggestion}</q>}
            </button>
          );
        })}
        <AttentionToggle />
      </div>
      {settings.attention.value && <p class="attention-about">{t.value.attention.about}</p>}
      {problem && <ErrorNote message={problem.message} testid="tell-error" />}
    </form>
  );
}

function AttentionToggle() {
  const { settings } = useApp();
  const { attention } = settings;
  const text = t.value.attention;
  return (
    <button
      type="button"
      class={`chip-button attention-toggle ${attention.value ? 'on' : ''}`}
      aria-pressed={attention.value}
      aria-label={text.toggle}
      title={text.toggle}
      data-testid="attention"
      onClick={() => {
        attention.value = !attention.value;
      }}
    >
      <Icon name="eye" size={15} />
      <span aria-hidden="true">{text.short}</span>
    </button>
  );
}

/** Words that a policy has never seen: it cannot have understood them. */
function UnknownWords() {
  const { session } = useApp();
  const text = t.value.tell;
  const lanes = LANES.flatMap((lane) => {
    const info = session.info(lane);
    return info ? [{ lane, unknown: info.unknown }] : [];
  });
  // Words unknown to the same views in one sentence.
  const groups = new Map<string, string[]>();
  for (const word of new Set(lanes.flatMap(({ unknown }) => unknown))) {
    const by = lanes.filter(({ unknown }) => unknown.includes(word)).map(({ lane }) => lane);
    const views = by.length === lanes.length ? '' : by.join(', ');
    groups.set(views, [...(groups.get(views) ?? []), word]);
  }
  const notes = Array.from(groups, ([views, words]) =>
    views === '' ? text.unknown(words) : text.unknownIn(words, views),
  );
  return (
    <p class="tell-unknown" role="status" data-testid="tell-unknown">
      {notes.join(' ')}
    </p>
  );
}
