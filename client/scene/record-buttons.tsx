import type { ComponentChildren } from 'preact';
import { t } from '../i18n/index.ts';
import { RECORD_HZ } from '../record/recorder.ts';
import { useApp } from '../state/app.ts';

/** What can be done with the attempt, each with its key. */
export function RecordButtons() {
  const { recording } = useApp();
  const text = t.value.record;
  const phase = recording.phase.value;
  const now = recording.view.value;
  const spoiled = now?.coach === 'spoiled';
  if (phase === 'loading' || phase === 'broken' || !now) {
    return <p class="record-buttons">{phase === 'loading' ? text.loading : ''}</p>;
  }
  return (
    <div class="record-buttons">
      {phase === 'done' && (
        <p class="record-summary" role="status" data-testid="record-summary">
          <span>
            {text.summary((now.steps / RECORD_HZ).toFixed(1), sideWord(now.mode), now.success)}
          </span>
        </p>
      )}
      {phase === 'ready' && (
        <Button keys="⏎" testid="record-start" primary onClick={recording.start}>
          {text.start}
        </Button>
      )}
      {(phase === 'recording' || phase === 'waiting') && (
        <Button keys="⏎" testid="record-finish" primary={!spoiled} onClick={recording.finish}>
          {text.finish}
        </Button>
      )}
      {phase === 'done' && (
        <Button keys="→" testid="record-save" primary={!spoiled} onClick={recording.save}>
          {text.save}
        </Button>
      )}
      {phase !== 'ready' && (
        <>
          <Button
            keys={phase === 'done' ? '←' : 'R'}
            testid="record-redo"
            primary={spoiled}
            onClick={recording.redo}
          >
            {text.redo}
          </Button>
          <Button keys="Esc" testid="record-discard" onClick={recording.discard}>
            {text.discard}
          </Button>
        </>
      )}
    </div>
  );
}

/** A mode in the page's language. */
export function sideWord(mode: string | null): string | null {
  return mode === 'left' || mode === 'right' ? t.value.side[mode] : mode;
}

function Button({
  keys,
  testid,
  primary = false,
  onClick,
  children,
}: {
  keys: string;
  testid: string;
  primary?: boolean;
  onClick(): void;
  children: ComponentChildren;
}) {
  return (
    <button
      type="button"
      class={primary ? 'primary' : ''}
      data-testid={testid}
      onClick={(event) => {
        onClick();
        // After a click the keys belong to the hand again, not to the button.
        if (event.detail > 0) event.currentTarget.blur();
      }}
    >
      {children}
      <kbd>{keys}</kbd>
    </button>
  );
}
