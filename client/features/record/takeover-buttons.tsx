import { useApp } from '../../app.ts';
import { ErrorNote } from '../../shared/widgets/error-note.tsx';
import { t } from '../../texts.ts';
import { KeyButton } from './key-button.tsx';

/** What can be done with an attempt that was taken over, each with its key. */
export function TakeoverButtons() {
  const { recording } = useApp();
  const text = t.value.takeover;
  const phase = recording.phase.value;
  const now = recording.view.value;
  const take = recording.take();
  const { goOn, keptTaken } = recording;
  if (phase === 'loading' || phase === 'broken' || !now || !take) return null;
  const moved = now.steps > take.recorder.before;
  return (
    <div class="record-buttons takeover" data-testid="takeover-buttons">
      {goOn.error.value && (
        <ErrorNote message={goOn.error.value.message} testid="takeover-problem" />
      )}
      <KeyButton
        keys="H"
        testid="takeover-go-on"
        primary
        disabled={goOn.busy.value}
        onClick={() => void goOn.run()}
      >
        {text.goOn}
      </KeyButton>
      {recording.keeps && (
        <KeyButton
          keys="N"
          testid="takeover-save"
          disabled={!moved || keptTaken.value}
          onClick={recording.save}
        >
          {keptTaken.value ? text.kept : text.save}
        </KeyButton>
      )}
      <KeyButton keys="R" testid="takeover-redo" disabled={!moved} onClick={recording.redo}>
        {t.value.record.redo}
      </KeyButton>
      <KeyButton keys="Esc" testid="takeover-back" onClick={recording.discard}>
        {text.back}
      </KeyButton>
    </div>
  );
}
