import { useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { ErrorNote } from './error-note.tsx';

/** Shows a part of the page that is loaded when it is opened: a first visit does not wait for it. */
export function OnDemand({
  load,
  testid,
}: {
  /** The same at each rendering. */
  load(): Promise<{ readonly default: ComponentType }>;
  testid: string;
}) {
  // A signal takes a component as it is only within something else: it would be called.
  const part = useSignal<{ readonly default: ComponentType } | null>(null);
  const failed = useSignal<string | null>(null);
  useEffect(() => {
    let here = true;
    load().then(
      (loaded) => {
        if (here) part.value = loaded;
      },
      (cause: unknown) => {
        if (here) failed.value = String(cause);
      },
    );
    return () => {
      here = false;
    };
  }, [load, part, failed]);
  const Part = part.value?.default;
  if (Part) return <Part />;
  return failed.value === null ? null : <ErrorNote message={failed.value} testid={testid} />;
}
