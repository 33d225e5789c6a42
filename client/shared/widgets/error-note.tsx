import type { ReadonlySignal } from '@preact/signals';
import type { ErrorReport } from '../../../server/protocol/index.ts';
import { Icon } from './icon.tsx';

/** What went wrong, where it went wrong. */
export function ErrorNote({ message, testid }: { message: string; testid?: string }) {
  return (
    <p class="error-note" role="alert" data-testid={testid}>
      <Icon name="alert" size={16} />
      <span>{message}</span>
    </p>
  );
}

/** The same for an action's last error; nothing while there is none. */
export function ActionError({
  of,
  testid,
}: {
  of: { readonly error: ReadonlySignal<ErrorReport | null> };
  testid?: string;
}) {
  const error = of.error.value;
  return error ? <ErrorNote message={error.message} {...(testid ? { testid } : {})} /> : null;
}
