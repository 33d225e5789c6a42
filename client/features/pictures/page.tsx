import type { Signal } from '@preact/signals';
import { Icon } from '../../shared/widgets/icon.tsx';
import { LanguageSwitch } from '../../shared/widgets/language-switch.tsx';
import { Logo } from '../../shared/widgets/logo.tsx';
import { LinkNotes } from '../../shell/address/link-notes.tsx';
import type { Ignored } from '../../shell/address/read-url.ts';
import { language, t } from '../../texts.ts';
import { NoisingSection } from './noising-section.tsx';
import { p } from './texts.ts';

/** The image half of the lesson: cats out of noise, told what to wear. */
export function PicturesPage({ ignored }: { ignored: Signal<readonly Ignored[]> }) {
  return (
    <div class="pictures-page">
      <PicturesBar />
      <LinkNotes ignored={ignored} />
      <main class="pictures">
        <NoisingSection />
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
          {text.lesson.toStage}
        </a>
        <a
          class="button page-link"
          href={`../lesson/#lang=${language.value}`}
          title={text.lesson.linkHint}
          data-testid="to-lesson"
        >
          {text.lesson.link}
        </a>
        <LanguageSwitch />
      </div>
    </header>
  );
}
