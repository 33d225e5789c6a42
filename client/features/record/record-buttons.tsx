import { modeIndex } from '../../../server/protocol/frames.ts';
import { useApp } from '../../app.ts';
import { modeOf } from '../../shared/tasks/modes.ts';
import { type StageTask, taskOf } from '../../shared/tasks/stage-tasks.ts';
import { outcomeText, toldOutcome } from '../../shared/tasks/told-outcome.ts';
import { t } from '../../texts.ts';
import type { Demand } from './demand.ts';
import { KeyButton } from './key-button.tsx';
import { RECORD_HZ } from './recorder.ts';
import type { WorldView } from './world-view.ts';

/** What can be done with the attempt, each with its key. */
export function RecordButtons() {
  const { recording } = useApp();
  const text = t.value.record;
  const phase = recording.phase.value;
  const now = recording.view.value;
  const labelOf = (mode: string | null) => modeOf(recording.task.value, mode)?.label ?? null;
  const verdict = now && verdictOf(recording.task.value, recording.demand.value, now);
  const spoiled = now?.coach === 'spoiled' || verdict !== null;
  if (phase === 'loading' || phase === 'broken' || !now) {
    return <p class="record-buttons">{phase === 'loading' ? text.loading : ''}</p>;
  }
  return (
    <div class="record-buttons">
      {phase === 'done' && (
        <p class="record-summary" role="status" data-testid="record-summary">
          <span>
            {text.summary((now.steps / RECORD_HZ).toFixed(1), labelOf(now.mode), now.success)}
            {verdict && <b data-testid="record-verdict"> {verdict}</b>}
          </span>
        </p>
      )}
      {phase !== 'done' && <TakeBack />}
      {phase === 'ready' && (
        <KeyButton keys="⏎" testid="record-start" primary onClick={recording.start}>
          {text.start}
        </KeyButton>
      )}
      {phase === 'counting' && (
        <KeyButton keys="Esc" testid="record-cancel" onClick={recording.discard}>
          {t.value.recorder.cancel}
        </KeyButton>
      )}
      {(phase === 'recording' || phase === 'waiting') && (
        <KeyButton keys="⏎" testid="record-finish" primary={!spoiled} onClick={recording.finish}>
          {text.finish}
        </KeyButton>
      )}
      {phase === 'done' && (
        <KeyButton
          keys="→"
          testid="record-save"
          primary={!spoiled}
          disabled={recording.obstacle.value !== null}
          onClick={recording.save}
        >
          {text.save}
        </KeyButton>
      )}
      {phase === 'done' && !now.success && (
        <KeyButton
          keys="F"
          testid="record-save-failed"
          disabled={recording.failedDataset.value === null}
          onClick={recording.saveFailed}
        >
          {t.value.recorder.keepFailed}
        </KeyButton>
      )}
      {phase !== 'ready' && phase !== 'counting' && (
        <>
          <KeyButton
            keys={phase === 'done' ? '←' : 'R'}
            testid="record-redo"
            primary={spoiled}
            onClick={recording.redo}
          >
            {text.redo}
          </KeyButton>
          <KeyButton keys="Esc" testid="record-discard" onClick={recording.discard}>
            {text.discard}
          </KeyButton>
        </>
      )}
    </div>
  );
}

/** What was thrown away last can be had back. */
function TakeBack() {
  const { recording } = useApp();
  const text = t.value.recorder;
  const thrown = recording.thrownAway.value;
  if (!thrown) return null;
  const { steps, progress } = thrown.take.recorder;
  const seconds = (steps / RECORD_HZ).toFixed(1);
  const mode = modeOf(recording.task.value, progress.mode);
  return (
    <p class="record-summary record-undo" role="status" data-testid="record-thrown-away">
      <span>
        {text.thrownAway(t.value.record.summary(seconds, mode?.label ?? null, progress.success))}
        <KeyButton keys="U" testid="record-undo" onClick={recording.undo}>
          {t.value.undo}
        </KeyButton>
      </span>
    </p>
  );
}

/** In what way the attempt is not what was asked for; null where it is, or nothing is held up. */
export function verdictOf(task: StageTask, demand: Demand | null, now: WorldView): string | null {
  const lifted = now.lifted === null ? -1 : taskOf(task).objectNames.indexOf(now.lifted);
  const mode = modeIndex(taskOf(task).modes, now.mode);
  const outcome = toldOutcome(task, demand?.instruction ?? null, { lifted, mode });
  const wrong = outcome?.obeyed === 'wrong object' || outcome?.obeyed === 'wrong side';
  return outcome && wrong ? outcomeText(outcome) : null;
}
