import { useApp } from '../../app.ts';
import { taskOf } from '../../shared/tasks/stage-tasks.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { t } from '../../texts.ts';
import { takeOver } from '../record/take-over.ts';

/** The two things to do first. */
export function Invitations() {
  const { connection, settings, view } = useApp();
  const text = { ...t.value.stage, ...t.value.told };
  const several = taskOf(settings.task.value).objectNames.length > 1;
  const placed = settings.objects.value !== null;
  return (
    <div class={`invitations ${placed ? 'placed' : ''}`}>
      {placed ? (
        <button
          type="button"
          class="invitation"
          data-testid="ball-reset"
          onClick={() => {
            settings.objects.value = null;
          }}
        >
          <span class="ball-dot" />
          <span>
            <b>{several ? text.ballsByHand : text.ballByHand}</b>
            <small>{several ? text.ballsReset : text.ballReset}</small>
          </span>
        </button>
      ) : (
        <button
          type="button"
          class="invitation"
          data-testid="invite-ball"
          onClick={() => {
            // Who cannot drag finds the same in numbers.
            view.side.value = 'state';
            requestAnimationFrame(() => document.getElementById('ball-0-x')?.focus());
          }}
        >
          <Icon name="hand" size={22} />
          <span>
            <b>{several ? text.dragBalls : text.dragBall}</b>
            <small>{text.dragBallHint}</small>
          </span>
        </button>
      )}
      {connection.offers('record:save') ? <InviteToRecord /> : <InviteToTakeOver />}
    </div>
  );
}

function InviteToRecord() {
  const { view } = useApp();
  const text = t.value.stage;
  return (
    <button
      type="button"
      class="invitation"
      data-testid="invite-record"
      onClick={() => {
        view.tab.value = 'record';
      }}
    >
      <Icon name="record" size={22} />
      <span>
        <b>{text.recordDemo}</b>
        <small>{text.recordDemoHint}</small>
      </span>
    </button>
  );
}

/** Where nothing that is recorded could be kept. */
function InviteToTakeOver() {
  const app = useApp();
  const { session, view } = app;
  const text = t.value.stage;
  return (
    <button
      type="button"
      class="invitation"
      data-testid="invite-take-over"
      onClick={() => void takeOver(app, view.focus.peek() ?? session.lanes.peek()[0])}
    >
      <Icon name="record" size={22} />
      <span>
        <b>{text.takeArm}</b>
        <small>{text.takeArmHint}</small>
      </span>
    </button>
  );
}
