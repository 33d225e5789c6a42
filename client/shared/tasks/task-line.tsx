import { t } from '../../texts.ts';
import { useStores } from '../stores.ts';

/** Which task a panel works on: the one on the stage. */
export function TaskLine() {
  const { settings } = useStores();
  const text = t.value.task;
  const task = settings.task.value;
  return (
    <p class="task-line" data-testid="panel-task" data-task={task}>
      {text.line}
      <b>{text.title[task]}</b>
    </p>
  );
}
