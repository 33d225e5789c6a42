import { useApp } from '../app.ts';
import { STAGE_TASKS } from '../shared/tasks/stage-tasks.ts';
import { t } from '../texts.ts';

/** Of more tasks than there is room for, the one that is shown can be seen. */
function bringIntoView(button: HTMLElement | null): void {
  button?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

/** Which task the stage shows. */
export function TaskSwitch() {
  const { session, settings } = useApp();
  const text = t.value.task;
  return (
    <fieldset class="segments task-switch">
      <legend class="visually-hidden">{text.label}</legend>
      {STAGE_TASKS.map((task) => (
        <button
          key={task}
          type="button"
          title={text.about[task]}
          ref={settings.task.value === task ? bringIntoView : null}
          aria-pressed={settings.task.value === task}
          data-testid={`task-${task}`}
          onClick={() => session.play(task)}
        >
          {text.title[task]}
        </button>
      ))}
    </fieldset>
  );
}
