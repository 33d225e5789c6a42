import type { ComponentChildren } from 'preact';
import { language, t } from '../../texts.ts';
import { Icon } from './icon.tsx';
import { LanguageSwitch } from './language-switch.tsx';
import { Logo } from './logo.tsx';

/** The bar over a page beside the stage: where one is, and the ways to the stage and other pages. */
export function PageBar({
  tagline,
  children,
}: {
  tagline?: string;
  /** Links to other pages. */
  children?: ComponentChildren;
}) {
  return (
    <header class="top-bar">
      <div class="brand">
        <Logo />
        <div>
          <h1>Forking Paths</h1>
          {tagline && <p class="tagline">{tagline}</p>}
        </div>
      </div>
      <div class="top-tools">
        <a class="button page-link" href={`../#lang=${language.value}`} data-testid="to-stage">
          <Icon name="back" size={16} />
          {t.value.pages.stage}
        </a>
        {children}
        <LanguageSwitch />
      </div>
    </header>
  );
}

/** A way from one of these pages to another, in the language that is spoken. */
export function PageLink({
  to,
  title,
  children,
}: {
  /** Its folder. */
  to: 'lesson' | 'pictures' | 'glossary';
  title?: string;
  children: ComponentChildren;
}) {
  // The glossary's own fragment is a word.
  const sign = to === 'glossary' ? '?' : '#';
  return (
    <a
      class="button page-link"
      href={`../${to}/${sign}lang=${language.value}`}
      title={title}
      data-testid={`to-${to}`}
    >
      {children}
    </a>
  );
}
