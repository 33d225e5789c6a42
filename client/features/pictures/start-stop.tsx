import type { Action } from '../../shared/link/action.ts';
import { useStudio } from './studio-context.ts';
import { p } from './texts.ts';

/** Starts what takes a while, and ends it while it is under way. */
export function StartStop({
  of,
  label,
  testid,
  disabled = false,
}: {
  of: Action<[]>;
  label: string;
  testid: string;
  disabled?: boolean;
}) {
  const { stop } = useStudio();
  const busy = of.busy.value;
  return (
    <button
      type="button"
      class={busy ? '' : 'primary'}
      disabled={disabled}
      data-testid={testid}
      onClick={() => {
        if (busy) stop();
        else void of.run();
      }}
    >
      {busy && <span class="spinner" />}
      {busy ? p.value.stop : label}
    </button>
  );
}
