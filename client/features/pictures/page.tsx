import type { Signal } from '@preact/signals';
import { Icon } from '../../shared/widgets/icon.tsx';
import { LanguageSwitch } from '../../shared/widgets/language-switch.tsx';
import { Logo } from '../../shared/widgets/logo.tsx';
import { LinkNotes } from '../../shell/address/link-notes.tsx';
import type { Ignored } from '../../shell/address/read-url.ts';
import { language, t } from '../../texts.ts';
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
  return (
    <div class="pictures-page">
      <PicturesBar />
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

function PicturesBar() {
  const text = t.value;
  return (
    <header class="top-bar">
      <div class="brand">
        <Logo />
        <div>
          <h1>Forking Paths</h1>
          <p class="tagline">{p.value.tagline}</p>
        </div>
      </div>
      <div class="top-tools">
        <a class="button page-link" href={`../#lang=${language.value}`} data-testid="to-stage">
          <Icon name="back" size={16} />
          {text.pages.stage}
        </a>
        <a
          class="button page-link"
          href={`../lesson/#lang=${language.value}`}
          title={text.pages.lessonHint}
          data-testid="to-lesson"
        >
          {text.pages.lesson}
        </a>
        <LanguageSwitch />
      </div>
    </header>
  );
}
