import { useSignal, useSignalEffect } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useApp } from '../../../app.ts';
import { Icon } from '../../../shared/widgets/icon.tsx';
import { t } from '../../../texts.ts';

/** Opens the sheet with links and pictures, which is loaded when it is first wanted. */
export function ShareButton() {
  const { view } = useApp();
  const sheet = useSignal<{ readonly Sheet: ComponentType } | null>(null);
  useSignalEffect(() => {
    if (!view.sharing.value || sheet.peek()) return;
    import('./share-sheet.tsx').then(
      (module) => {
        sheet.value = { Sheet: module.default };
      },
      () => {
        view.sharing.value = false;
        view.announcement.value = t.peek().share.unloaded;
      },
    );
  });
  const Sheet = view.sharing.value ? sheet.value?.Sheet : undefined;
  const label = t.value.share.title;
  return (
    <>
      <button
        type="button"
        class="bare"
        title={`${label} (S)`}
        aria-label={label}
        aria-expanded={view.sharing.value}
        data-testid="share-open"
        onClick={() => {
          view.sharing.value = true;
        }}
      >
        <Icon name="share" />
      </button>
      {Sheet && <Sheet />}
    </>
  );
}
