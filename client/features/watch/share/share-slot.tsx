import { useSignal, useSignalEffect } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useApp } from '../../../app.ts';
import { t } from '../../../texts.ts';

/** Where the sheet with links and pictures opens; it is loaded when it is first wanted. */
export function ShareSlot() {
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
  return Sheet ? <Sheet /> : null;
}
