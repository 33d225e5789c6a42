import { useSignal, useSignalEffect } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { useApp } from '../app.ts';
import { t } from '../texts.ts';

/** How long it is said that the connection is back, ms. */
const NEWS = 3000;
/** A page that opens connects in an instant; only where it does not is there something to say. ms */
const INSTANT = 800;

/**
 * Says that the connection is lost, and when it is back: in the place of what cannot be done without
 * it, so that it covers nothing.
 */
export function Banner({ children }: { children: ComponentChildren }) {
  const { connection } = useApp();
  const back = useSignal(false);
  const wasLost = useSignal(false);
  const slow = useSignal(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      slow.value = true;
    }, INSTANT);
    return () => clearTimeout(timer);
  }, [slow]);
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
  const told = status === 'connecting' ? slow.value : status !== 'online' || back.value;
  return (
    <div class={`banner-slot ${told ? 'told' : ''}`}>
      {children}
      <div role="status">
        {told && (
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
    </div>
  );
}
