import { useSignal } from '@preact/signals';
import type { KnownTask, ModeLabel } from '../../../sim/tasks/index.ts';
import { useApp } from '../../app.ts';
import { modeOf } from '../../shared/tasks/modes.ts';
import { taskOf } from '../../shared/tasks/stage-tasks.ts';
import { TaskLine } from '../../shared/tasks/task-line.tsx';
import { objectText } from '../../shared/tasks/told-outcome.ts';
import { SelectField } from '../../shared/widgets/fields.tsx';
import { KeyTable } from '../../shared/widgets/key-table.tsx';
import { NameField } from '../../shared/widgets/name-field.tsx';
import { t } from '../../texts.ts';
import { GamepadPicture } from './gamepad-picture.tsx';
import { RECORD_HZ } from './recorder.ts';
import { ShownSoFar } from './shown-so-far.tsx';
import { StartMap } from './start-map.tsx';
import { type Behaviour, behavioursOf } from './starts.ts';
import { TakeoverPanel } from './takeover-panel.tsx';
import { UnsavedList } from './unsaved-list.tsx';
import './record.css';

/** Beside the recorder: what to show, where recordings go, and what became of them. */
export function RecordPanel() {
  const { recording } = useApp();
  const text = t.value.record;
  const { language, modes } = taskOf(recording.task.value);
  const taken = recording.taken.value;
  if (taken) {
    return (
      <>
        <TakeoverPanel taken={taken} />
        <Saved />
        <UnsavedList />
        <Keys />
      </>
    );
  }
  return (
    <>
      <h2>{text.title}</h2>
      <TaskLine />
      <p class="lead">{text.intro}</p>
      <Asked />
      <SaveTo />
      <StartMap />
      <CountdownChoice />
      <Saved />
      <UnsavedList />
      <TrainOnThese />
      <p class="hint">{language ? t.value.recorder.whyTold : text.why(modes.length)}</p>
      <Keys />
    </>
  );
}

function Keys() {
  const { recording } = useApp();
  const text = t.value.record;
  return (
    <>
      <h3>{text.keysTitle}</h3>
      <KeyTable
        rows={[
          [['←', '↑', '↓', '→', 'WASD'], text.keys.move],
          [['E', 'Q'], text.keys.height],
          [['␣'], text.keys.grip],
          [[text.keys.padName], text.keys.pad],
          [['⇧'], text.keys.slow],
          [['⏎'], text.keys.start],
          [['F'], text.keys.keepFailed],
          [['R'], text.keys.redo],
          [['Esc'], text.keys.discard],
          recording.taken.value
            ? [['H'], t.value.takeover.goOnKey]
            : [['U'], t.value.recorder.undoKey],
        ]}
      />
      <ShownGamepad />
    </>
  );
}

/** What a gamepad's parts do, for those who ask before they connect one. */
function ShownGamepad() {
  const { recording } = useApp();
  const shown = useSignal(false);
  const text = t.value.gamepad;
  // While there is one, its picture is beside what it moves.
  if (recording.pad.value) return null;
  return (
    <>
      <button
        type="button"
        class="small"
        aria-expanded={shown.value}
        data-testid="gamepad-show"
        onClick={() => {
          shown.value = !shown.value;
        }}
      >
        {shown.value ? text.hide : text.show}
      </button>
      {shown.value && (
        <>
          <GamepadPicture />
          <p class="hint">{text.connect}</p>
        </>
      )}
    </>
  );
}

const EACH = 'each';
/** Of one of the task's own modes. */
const labelOf = ({ modes }: KnownTask, mode: string): ModeLabel =>
  (modes.find(({ name }) => name === mode) ?? modes[0]).label;
const keyOf = ({ object, mode }: Behaviour) => `${object}-${mode}`;

/** What the robot is told, in a task in which it is told something. */
function Asked() {
  const { recording } = useApp();
  const text = t.value.recorder;
  const task = taskOf(recording.task.value);
  if (!task.language) return null;
  const behaviours = behavioursOf(task);
  const wanted = recording.wanted.value;
  return (
    <div class="stack">
      <SelectField
        label={text.asked}
        value={wanted ? keyOf(wanted) : EACH}
        options={[
          { value: EACH, label: text.each },
          ...behaviours.map((behaviour) => ({
            value: keyOf(behaviour),
            label: text.behaviour(
              objectText(behaviour.object ?? ''),
              labelOf(task, behaviour.mode),
            ),
          })),
        ]}
        onChange={(value) => {
          recording.want(behaviours.find((each) => keyOf(each) === value) ?? null);
        }}
        testid="record-asked"
      />
      <button
        type="button"
        class="small"
        disabled={recording.phase.value !== 'ready'}
        data-testid="record-rephrase"
        onClick={() => recording.rephrase()}
      >
        {text.rephrase}
      </button>
    </div>
  );
}

function SaveTo() {
  const { recording, datasets } = useApp();
  const fitting = (datasets.all.value ?? []).filter(
    ({ task, controlHz }) => task === recording.task.value && controlHz === RECORD_HZ,
  );
  const obstacle = recording.obstacle.value;
  return (
    <>
      <NameField
        key={recording.task.value}
        label={t.value.record.dataset}
        value={recording.dataset.value}
        known={fitting.map(({ name }) => name)}
        testid="record-dataset"
        onName={(name) => recording.saveTo(name)}
      />
      <ShownSoFar />
      {obstacle && (
        <p class="field-note" role="alert" data-testid="record-obstacle">
          {t.value.recorder.obstacle(
            recording.dataset.value,
            t.value.panel.taskTitle(obstacle.task),
            obstacle.controlHz,
          )}
        </p>
      )}
    </>
  );
}

function CountdownChoice() {
  const { recording } = useApp();
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={recording.countdown.value > 0}
        data-testid="record-count-down"
        onChange={(event) => {
          recording.countDown(event.currentTarget.checked ? 3 : 0);
        }}
        onClick={(event) => {
          // After a click the keys belong to the hand again.
          if (event.detail > 0) event.currentTarget.blur();
        }}
      />
      <span>{t.value.recorder.countdown}</span>
    </label>
  );
}

function Saved() {
  const { recording } = useApp();
  const text = t.value.record;
  const accepted = recording.accepted.value;
  return (
    <div role="status" class="saved-slot">
      {accepted && (
        <p class="good-note" data-testid="record-accepted" data-mode={accepted.episode.mode}>
          <b>{text.saved(accepted.dataset.name, accepted.episode.index)}</b>{' '}
          {text.savedMode(
            modeOf(accepted.dataset.task, accepted.episode.mode)?.label ?? null,
            accepted.episode.success,
          )}
        </p>
      )}
    </div>
  );
}

/** Leads to the training of what was recorded; starts nothing. */
function TrainOnThese() {
  const { recording, training, view } = useApp();
  const text = t.value.record;
  const dataset = training.offered().find(({ name }) => name === recording.dataset.value);
  if (!dataset) return null;
  return (
    <div class="stack">
      <button
        type="button"
        class="wide"
        data-testid="record-train"
        onClick={() => {
          training.preselect(dataset.name);
          view.tab.value = 'train';
        }}
      >
        {text.train}
      </button>
      <p class="hint">{text.trainHint(dataset.episodes)}</p>
    </div>
  );
}
