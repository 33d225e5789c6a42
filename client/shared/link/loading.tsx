import { t } from '../../texts.ts';
import { useStores } from '../stores.ts';
import { ActionError } from '../widgets/error-note.tsx';

/** In place of what the server has yet to tell; says why, where it did not. */
export function Loading() {
  const { hello } = useStores();
  if (!hello.error.value) return <p class="muted">{t.value.loading}</p>;
  return (
    <>
      <ActionError of={hello} testid="hello-error" />
      <button
        type="button"
        class="small"
        data-testid="hello-retry"
        onClick={() => void hello.run()}
      >
        {t.value.retry}
      </button>
    </>
  );
}
