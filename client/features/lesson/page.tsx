import type { Signal } from '@preact/signals';
import { PageBar, PageLink } from '../../shared/widgets/page-bar.tsx';
import { TermNote } from '../../shared/words/term-note.tsx';
import { LinkNotes } from '../../shell/address/link-notes.tsx';
import type { Ignored } from '../../shell/address/read-url.ts';
import { t } from '../../texts.ts';
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
    <PageBar tagline={lessonText.value.tagline}>
      <PageLink to="pictures" title={text.pictures.linkHint}>
        {text.pictures.link}
      </PageLink>
      <PageLink to="glossary" title={text.words.linkHint}>
        {text.words.link}
      </PageLink>
    </PageBar>
  );
}
