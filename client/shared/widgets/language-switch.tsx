import { LANGUAGES } from '../../shell/address/url.ts';
import { LANGUAGE_NAMES, language, t } from '../../texts.ts';

/** One button a language; the page changes at once. */
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
          onClick={() => {
            language.value = each;
          }}
        >
          {each === 'en' ? 'EN' : LANGUAGE_NAMES[each]}
        </button>
      ))}
    </fieldset>
  );
}
