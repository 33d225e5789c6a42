import { useApp } from '../../app.ts';
import { hasTwin, scaleText, shortNameOf } from '../../shared/lanes/role-text.ts';
import { t } from '../../texts.ts';
import { PAGES } from './pages.ts';

/** On a phone, which shows one view at a time: which one, and all of them at once. */
export function Pager() {
  const { cast, view } = useApp();
  const text = t.value.pager;
  return (
    <fieldset class="segments pager" aria-label={text.label} data-testid="pager">
      {PAGES.map((page) => {
        const role = page && cast.of(page);
        const name = role ? shortNameOf(role) : text.all;
        // The same policy in all views: what tells them apart.
        const scale = page && role?.guidance != null && hasTwin(page, cast) ? role.guidance : null;
        return (
          <button
            key={page ?? 'all'}
            type="button"
            class={role?.name ?? ''}
            aria-pressed={view.focus.value === page}
            data-testid={`page-${page ?? 'all'}`}
            onClick={() => {
              view.focus.value = page;
            }}
          >
            {page && <span class="lane-dot" />}
            {scale === null ? name : scaleText(scale)}
          </button>
        );
      })}
    </fieldset>
  );
}
