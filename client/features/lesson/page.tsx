import type { Signal } from '@preact/signals';
import { Icon } from '../../shared/widgets/icon.tsx';
import { LanguageSwitch } from '../../shared/widgets/language-switch.tsx';
import { Logo } from '../../shared/widgets/logo.tsx';
import { TermNote } from '../../shared/words/term-note.tsx';
import { LinkNotes } from '../../shell/address/link-notes.tsx';
import type { Ignored } from '../../shell/address/read-url.ts';
import { language, t } from '../../texts.ts';
import { LevelsSection } from './levels-section.tsx';
import { NoisingSection } from './noising-section.tsx';
import { PlanesSection } from './planes-section.tsx';
import { lessonText } from './texts.ts';

/** The lesson: how noise becomes data, from two points in the plane to a robot's demonstrations. */
export function LessonPage({ ignored }: { ignored: Signal<readonly Ignored[]> }) {
  return (
    <div class="lesson-page">
      <LessonBar />
      <LinkNotes ignored={ignored} />
      <main class="lesson">
        <PlanesSection />
        <NoisingSection />
        <LevelsSection />
        <TermNote />
      </main>
    </div>
  );
}

function LessonBar() {
  const text = t.value;
  return (
    <header class="top-bar">
      <div class="brand">
        <Logo />
        <div>
          <h1>Forking Paths</h1>
          <p class="tagline">{lessonText.value.tagline}</p>
        </div>
      </div>
      <div class="top-tools">
        <a class="button page-link" href={`../#lang=${language.value}`} data-testid="to-stage">
          <Icon name="back" size={16} />
          {text.pages.stage}
        </a>
        <a
          class="button page-link"
          href={`../pictures/#lang=${language.value}`}
          title={text.pictures.linkHint}
          data-testid="to-pictures"
        >
          {text.pictures.link}
        </a>
        <a
          class="button page-link"
          href={`../glossary/?lang=${language.value}`}
          title={text.words.linkHint}
          data-testid="to-glossary"
        >
          {text.words.link}
        </a>
        <LanguageSwitch />
      </div>
    </header>
  );
}
