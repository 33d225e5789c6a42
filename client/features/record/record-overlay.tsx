import { useSignalEffect } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';
import { useApp } from '../../app.ts';
import { modeOf } from '../../shared/tasks/modes.ts';
import { postsOf, taskOf } from '../../shared/tasks/stage-tasks.ts';
import { objectText } from '../../shared/tasks/told-outcome.ts';
import { ErrorNote } from '../../shared/widgets/error-note.tsx';
import { formatDuration } from '../../shared/widgets/format.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { t } from '../../texts.ts';
import { COACH_STEPS } from './coach.ts';
import { GamepadPicture } from './gamepad-picture.tsx';
import { RecordButtons, verdictOf } from './record-buttons.tsx';
import { RecordPad } from './record-pad.tsx';
import { RECORD_HZ } from './recorder.ts';
import { runRecorder } from './run-loop.ts';
import { TakeoverButtons } from './takeover-buttons.tsx';
import type { WorldView } from './world-view.ts';
import './record.css';
import './pads.css';

/** An attempt that takes longer than the policies are given deserves a word, s. */
const POLICY_SECONDS = 8;

/** What is written over the recorder's view: what to do, how it goes, and what it is done with. */
export function RecordOverlay() {
  const { recording, view } = useApp();
  // Before the buttons can be seen: a key pressed at once would be lost.
  useLayoutEffect(() => runRecorder(recording), [recording]);
  useSignalEffect(() => {
    const phase = recording.phase.value;
    view.announcement.value = t.value.record.phase[phase];
  });
  const text = t.value.record;
  const phase = recording.phase.value;
  const now = recording.view.value;
  const problem = recording.problem.value;
  const note = problem !== null && <ErrorNote message={problem} testid="record-problem" />;
  if (phase === 'broken') {
    return (
      <div class="record-overlay" data-testid="record-overlay" data-phase={phase}>
        <div class="record-head">{note}</div>
      </div>
    );
  }
  return (
    <div class="record-overlay" data-testid="record-overlay" data-phase={phase}>
      <div class="record-head">
        <Demanded />
        <Coach now={now} />
        <Chips now={now} />
        <Notices />
        {note}
        {now && now.steps > POLICY_SECONDS * RECORD_HZ && phase !== 'done' && (
          <p class="hint">{text.slowHint(String(POLICY_SECONDS))}</p>
        )}
      </div>
      {phase === 'counting' && (
        <p class="record-countdown" role="timer" data-testid="record-countdown">
          {now?.countdown}
        </p>
      )}
      <div class="record-foot">
        {recording.pad.value ? <GamepadPicture /> : <RecordPad />}
        {recording.taken.value ? <TakeoverButtons /> : <RecordButtons />}
        {now && <Coordinates now={now} />}
      </div>
    </div>
  );
}

/** What is to be shown: a side, or what the robot is told and one way to do it. */
function Demanded() {
  const { recording } = useApp();
  const text = { ...t.value.record, ...t.value.recorder };
  const demand = recording.demand.value;
  if (!demand) return null;
  const { behaviour, instruction } = demand;
  const { object, mode } = behaviour;
  const shown = modeOf(recording.task.value, mode);
  if (!shown) return null;
  const { label } = shown;
  const posts = postsOf(recording.task.value);
  const done = recording.phase.value === 'done';
  const again = recording.again.value;
  return (
    <div class="record-demand">
      {instruction !== null && (
        <p class="record-told" data-testid="record-told">
          <Icon name="speech" size={18} />
          {instruction === '' ? t.value.tell.silence : <q lang="en">{instruction}</q>}
        </p>
      )}
      {!done && (
        <p
          class="record-suggestion"
          style={{ color: shown.colour }}
          data-testid="record-suggestion"
          data-mode={mode}
        >
          {object !== null
            ? text.show(objectText(object), label, posts, again)
            : again
              ? text.second(label)
              : text.suggest(label, posts)}
        </p>
      )}
    </div>
  );
}

/** What happened meanwhile: why the arm holds, where the attempt comes from, what is not kept. */
function Notices() {
  const { heldBy, phase, restored, unkept, view } = useApp().recording;
  // What is finished holds anyway.
  const reason = phase.value === 'done' ? null : heldBy.value;
  const text = t.value.held;
  const seconds = ((view.value?.steps ?? 0) / RECORD_HZ).toFixed(1);
  return (
    <div role="status" class="record-notices">
      {restored.value && (
        <p class="record-notice" data-testid="record-restored">
          {phase.value === 'done' ? text.restoredDone(seconds) : text.restored(seconds)}
        </p>
      )}
      {reason && (
        <p class="record-notice" data-testid="record-held" data-reason={reason}>
          {text[reason]}
        </p>
      )}
      {unkept.value && (
        <p class="record-notice" data-testid="record-unkept">
          {text.unkept}
        </p>
      )}
    </div>
  );
}

function Coach({ now }: { now: WorldView | null }) {
  const { recording } = useApp();
  const { coach, coachAround } = t.value.record;
  const text = { ...coach, around: coachAround(postsOf(recording.task.value)) };
  const step = now?.coach ?? 'around';
  if (step === 'done' || step === 'spoiled') {
    return <p class={`coach-end ${step === 'done' ? 'good' : 'bad'}`}>{text[step]}</p>;
  }
  const current = COACH_STEPS.indexOf(step);
  return (
    <ol class="coach" data-testid="record-coach" data-step={step}>
      {COACH_STEPS.map((each, i) => (
        <li
          key={each}
          class={i < current ? 'past' : i === current ? 'now' : ''}
          aria-current={i === current ? 'step' : undefined}
        >
          {text[each]}
        </li>
      ))}
    </ol>
  );
}

function Chips({ now }: { now: WorldView | null }) {
  const { recording, view } = useApp();
  const text = t.value.record;
  const phase = recording.phase.value;
  const steps = now?.steps ?? 0;
  const verdict = now && verdictOf(recording.task.value, recording.demand.value, now);
  return (
    <p class="chips record-chips">
      <span class={`chip phase ${phase}`} data-testid="record-phase" data-phase={phase}>
        <span class="chip-dot" />
        {text.phase[phase]}
      </span>
      <span class="chip quiet tabular">
        <b data-testid="record-steps">{steps}</b> {text.steps}
      </span>
      <span class="chip quiet tabular">
        {text.left}{' '}
        <b data-testid="record-left">{formatDuration((recording.maxSteps - steps) / RECORD_HZ)}</b>
      </span>
      {now?.contact && (
        <span class="chip bad" data-testid="record-contact">
          <Icon name="close" size={14} />
          {text.contact}
        </span>
      )}
      {now?.over && <span class="chip bad">{text.over}</span>}
      {recording.accepted.value && now?.steps === 0 && (
        <span class="chip good phone">
          <Icon name="check" size={14} />
          {text.saved(
            recording.accepted.value.dataset.name,
            recording.accepted.value.episode.index,
          )}
        </span>
      )}
      {recording.unsaved.value.length > 0 && (
        <span class="chip bad phone">{text.unsaved(recording.unsaved.value.length)}</span>
      )}
      {verdict && (
        <span class="chip bad" data-testid="record-not-as-told">
          <Icon name="close" size={14} />
          {verdict}
        </span>
      )}
      {now?.lost && <span class="chip bad">{text.lost}</span>}
      {now?.success && (
        <span class="chip good" data-testid="record-success">
          <Icon name="check" size={14} />
          {text.success}
        </span>
      )}
      {view.narrow.value && phase !== 'recording' && <Options />}
    </p>
  );
}

/** On a phone: what stands beside the recorder elsewhere. */
function Options() {
  const { recording, view } = useApp();
  return (
    <button
      type="button"
      class="chip chip-button"
      aria-expanded={view.besideRecorder.value}
      aria-controls="panel-left"
      data-testid="record-options"
      onClick={() => {
        view.besideRecorder.value = !view.besideRecorder.value;
      }}
    >
      <Icon name="state" size={14} />
      {recording.taken.value ? t.value.takeover.options : t.value.recorder.options}
    </button>
  );
}

const AXES = ['x', 'y', 'z'] as const;

function Coordinates({ now }: { now: WorldView }) {
  const { recording } = useApp();
  const rows = [
    { name: 'tcp', label: t.value.state.tcp, at: now.tcp },
    ...taskOf(recording.task.value).objectNames.flatMap((name, i) => {
      const at = now.objects[i];
      return at ? [{ name, label: objectText(name), at }] : [];
    }),
  ];
  return (
    <dl class="coordinates tabular">
      {rows.map(({ name, label, at }) => (
        <div key={name}>
          <dt>{label}</dt>
          {AXES.map((axis, i) => (
            <dd key={axis}>
              <i>{axis}</i>
              <span data-testid={`record-${name}-${axis}`}>{at[i].toFixed(3)}</span>
            </dd>
          ))}
        </div>
      ))}
    </dl>
  );
}
