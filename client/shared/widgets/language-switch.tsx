import { LANGUAGE_NAMES, LANGUAGES, language, speak, t } from '../../texts.ts';

/** One button a language; the page changes as soon as it has the texts. */
export function LanguageSwitch() {
  return (
    <fieldset class="segments">
      <legend class="visually-hidden">{t.value.language}</legend>
      {LANGUAGES.map((each) => (
        <button
          key={each}
          type="button"
          lang={each}
          aria-pressed={language.value === each}
          data-testid={`language-${each}`}
          onClick={() => void speak(each)}
        >
          {each === 'en' ? 'EN' : LANGUAGE_NAMES[each]}
        </button>
      ))}
    </fieldset>
  );
}
