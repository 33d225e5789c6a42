import type { Signal } from '@preact/signals';
import { PageBar, PageLink } from '../../shared/widgets/page-bar.tsx';
import { LinkNotes } from '../../shell/address/link-notes.tsx';
import type { Ignored } from '../../shell/address/read-url.ts';
import { t } from '../../texts.ts';
import { BetweenSection } from './between-section.tsx';
import { DrawSection } from './draw-section.tsx';
import { GridSection } from './grid-section.tsx';
import { Join } from './join/join-door.ts';
import { LevelsSection } from './levels-section.tsx';
import { Live } from './live/live-door.ts';
import { NoisingSection } from './noising-section.tsx';
import { SidesSection } from './sides-section.tsx';
import { p } from './texts.ts';

/** The image half of the lesson: cats out of noise, told what to wear. */
export function PicturesPage({ ignored }: { ignored: Signal<readonly Ignored[]> }) {
  const text = t.value.pages;
  return (
    <div class="pictures-page">
      <PageBar tagline={p.value.tagline}>
        <PageLink to="lesson" title={text.lessonHint}>
          {text.lesson}
        </PageLink>
      </PageBar>
      <LinkNotes ignored={ignored} />
      <main class="pictures">
        <DrawSection />
        <GridSection />
        <SidesSection />
        <BetweenSection />
        <NoisingSection />
        <LevelsSection />
        <Live />
        <Join />
      </main>
    </div>
  );
}
