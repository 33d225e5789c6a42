import type { ReadonlySignal } from '@preact/signals';
import { PageBar, PageLink } from '../../shared/widgets/page-bar.tsx';
import { type Glossary, GROUP_NAMES, TERM_GROUPS } from '../../shared/words/terms.ts';
import { t } from '../../texts.ts';

/** Every word that the page explains, in groups; a browser's own search finds them. */
export function GlossaryPage({ glossary }: { glossary: ReadonlySignal<Glossary> }) {
  const text = t.value;
  return (
    <div class="glossary-page">
      <PageBar>
        <PageLink to="lesson">{text.pages.lesson}</PageLink>
      </PageBar>
      <main class="glossary">
        <h2>{text.words.title}</h2>
        <p class="lead">{text.words.lead}</p>
        {GROUP_NAMES.map((group) => (
          <section key={group} aria-labelledby={`group-${group}`}>
            <h3 id={`group-${group}`}>{text.words.groups[group]}</h3>
            <dl>
              {TERM_GROUPS[group].map((id) => {
                const { name, about, formula, paper } = glossary.value[id];
                return (
                  <div key={id} id={id} class="entry">
                    <dt>
                      <a href={`#${id}`} aria-label={text.words.toEntry(name)}>
                        {name}
                      </a>
                    </dt>
                    <dd>
                      <p>{about}</p>
                      {formula && <p class="formula">{formula}</p>}
                      {paper && <p class="hint">{paper}</p>}
                    </dd>
                  </div>
                );
              })}
            </dl>
          </section>
        ))}
      </main>
    </div>
  );
}
