import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { ErrorNote } from '../../shared/widgets/error-note.tsx';
import { t } from '../../texts.ts';
import type { LookProps } from './look.tsx';

/** Loaded when a dataset is opened first: watching needs nothing of it. */
let loaded: ComponentType<LookProps> | null = null;

async function load(): Promise<ComponentType<LookProps>> {
  loaded ??= (await import('./look.tsx')).Look;
  return loaded;
}

export function LookDoor(props: LookProps) {
  const room = useSignal<ComponentType<LookProps> | null>(loaded);
  const failed = useSignal<string | null>(null);
  useEffect(() => {
    let here = true;
    load().then(
      (look) => {
        // A signal takes a component as it is: it is not called.
        if (here) room.value = look;
      },
      (cause: unknown) => {
        if (here) failed.value = String(cause);
      },
    );
    return () => {
      here = false;
    };
  }, [room, failed]);
  const Look = room.value;
  if (Look) return <Look {...props} />;
  if (failed.value) return <ErrorNote message={failed.value} testid="look-failed" />;
  return <p class="muted">{t.value.loading}</p>;
}
