import { useSignal, useSignalEffect } from '@preact/signals';
import { useApp } from '../app.ts';
import { t } from '../texts.ts';

/** How long it is said that the connection is back, ms. */
const NEWS = 3000;

/** Says that the connection is lost, and when it is back. */
export function Banner() {
  const { connection } = useApp();
  const back = useSignal(false);
  const wasLost = useSignal(false);
  useSignalEffect(() => {
    const status = connection.status.value;
    if (status === 'lost') {
      wasLost.value = true;
      back.value = false;
      return undefined;
    }
    if (status !== 'online' || !wasLost.peek()) return undefined;
    back.value = true;
    const timer = setTimeout(() => {
      back.value = false;
    }, NEWS);
    return () => clearTimeout(timer);
  });
  const status = connection.status.value;
  const shown = status !== 'online' || back.value;
  return (
    <div class="banner-slot" role="status">
      {shown && (
        <p
          class={`banner ${status === 'online' ? 'good' : status}`}
          data-testid="banner"
          data-status={status}
        >
          {status !== 'online' && <span class="spinner" />}
          {status === 'online' ? t.value.connection.back : t.value.connection[status]}
        </p>
      )}
    </div>
  );
}
