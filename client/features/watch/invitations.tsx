import type { ComponentChildren } from 'preact';
import { useApp } from '../../app.ts';
import { taskOf } from '../../shared/tasks/stage-tasks.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { t } from '../../texts.ts';
import { takeOver } from '../record/take-over.ts';

/** The two things to do first. */
export function Invitations() {
  const app = useApp();
  const { connection, session, settings, view } = app;
  const text = { ...t.value.stage, ...t.value.told };
  const several = taskOf(settings.task.value).objectNames.length > 1;
  const placed = settings.objects.value !== null;
  const recordSign = <Icon name="record" size={22} />;
  return (
    <div class={`invitations ${placed ? 'placed' : ''}`}>
      {placed ? (
        <Invitation
          testid="ball-reset"
          sign={<span class="ball-dot" />}
          title={several ? text.ballsByHand : text.ballByHand}
          hint={several ? text.ballsReset : text.ballReset}
          onClick={() => {
            settings.objects.value = null;
          }}
        />
      ) : (
        <Invitation
          testid="invite-ball"
          sign={<Icon name="hand" size={22} />}
          title={several ? text.dragBalls : text.dragBall}
          hint={text.dragBallHint}
          onClick={() => {
            // Who cannot drag finds the same in numbers.
            view.side.value = 'state';
            requestAnimationFrame(() => document.getElementById('ball-0-x')?.focus());
          }}
        />
      )}
      {connection.offers('record:save') ? (
        <Invitation
          testid="invite-record"
          sign={recordSign}
          title={text.recordDemo}
          hint={text.recordDemoHint}
          onClick={() => {
            view.tab.value = 'record';
          }}
        />
      ) : (
        // Where nothing that is recorded could be kept.
        <Invitation
          testid="invite-take-over"
          sign={recordSign}
          title={text.takeArm}
          hint={text.takeArmHint}
          onClick={() => void takeOver(app, view.focus.peek() ?? session.lanes.peek()[0])}
        />
      )}
    </div>
  );
}

interface InvitationProps {
  readonly testid: string;
  readonly sign: ComponentChildren;
  readonly title: string;
  readonly hint: string;
  onClick(): void;
}

function Invitation({ testid, sign, title, hint, onClick }: InvitationProps) {
  return (
    <button type="button" class="invitation" data-testid={testid} onClick={onClick}>
      {sign}
      <span>
        <b>{title}</b>
        <small>{hint}</small>
      </span>
    </button>
  );
}
