import '../../shared/language-tag.ts';
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { loadGlossary } from '../../shared/words/explained.ts';
import type { Glossary } from '../../shared/words/terms.ts';
import { LANGUAGES, type Language, language, speak, t } from '../../texts.ts';
import '#colors.css';
import './styles.css';
import { GlossaryPage } from './page.tsx';

// Behind the # stands the entry that is meant.
const asked = new URLSearchParams(location.search).get('lang');
const preferred: Language = navigator.language.startsWith('zh') ? 'zh' : 'en';
// Not awaited here: see the main page.
void openGlossary(LANGUAGES.find((each) => each === asked) ?? preferred);

async function openGlossary(chosen: Language): Promise<void> {
  await speak(chosen);
  const glossary = signal<Glossary>(await loadGlossary(language.peek()));
  effect(() => {
    const spoken = language.value;
    document.documentElement.lang = spoken === 'zh' ? 'zh-Hans' : 'en';
    document.title = t.value.words.documentTitle;
    void loadGlossary(spoken).then((loaded) => {
      if (language.peek() === spoken) glossary.value = loaded;
    });
  });

  const root = document.getElementById('root');
  if (!root) throw new Error('glossary/index.html: expected an element with the id "root"');
  render(<GlossaryPage glossary={glossary} />, root);
  // The entries were not there yet when the browser looked for it.
  document.getElementById(location.hash.slice(1))?.scrollIntoView();
}
