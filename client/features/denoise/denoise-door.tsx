import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { ErrorNote } from '../../shared/widgets/error-note.tsx';
import { t } from '../../texts.ts';

/** The room, loaded when it is opened first: watching needs nothing of it. */
let loaded: ComponentType | null = null;

async function load(): Promise<ComponentType> {
  loaded ??= (await import('./denoise-panel.tsx')).DenoisePanel;
  return loaded;
}

export function DenoiseDoor() {
  const panel = useSignal<ComponentType | null>(loaded);
  const failed = useSignal<string | null>(null);
  useEffect(() => {
    let here = true;
    load().then(
      (room) => {
        // A signal takes a component as it is: it is not called.
        if (here) panel.value = room;
      },
      (cause: unknown) => {
        failed.value = String(cause);
      },
    );
    return () => {
      here = false;
    };
  }, [panel, failed]);
  const Panel = panel.value;
  if (Panel) return <Panel />;
  if (failed.value) return <ErrorNote message={failed.value} testid="denoise-failed" />;
  return <p class="empty">{t.value.denoise.loading}</p>;
}
