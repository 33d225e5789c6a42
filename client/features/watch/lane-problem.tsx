import { useApp } from '../../app.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { fullNameOf } from '../../shared/lanes/role-text.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { t } from '../../texts.ts';

/** In place of a lane that cannot be shown: why, and what to do about it. */
export function LaneProblem({ lane, message }: { lane: LaneId; message: string }) {
  const { cast, connection, session, training, view } = useApp();
  const role = cast.of(lane);
  const policy = fullNameOf(role);
  const { name } = role;
  return (
    <div class="lane-problem" role="alert" data-testid={`lane-${lane}-error`}>
      <Icon name="alert" size={28} />
      <h3>{t.value.stage.laneMissing(policy)}</h3>
      <p>{message}</p>
      {name && connection.offers('train:start') && (
        <button
          type="button"
          class="primary"
          data-testid={`lane-${lane}-train`}
          onClick={() => {
            training.form.policy.value = name;
            view.tab.value = 'train';
            void training.start.run();
          }}
        >
          {t.value.stage.trainIt(policy)}
        </button>
      )}
      <button type="button" onClick={() => session.retry(lane)} data-testid={`lane-${lane}-retry`}>
        {t.value.retry}
      </button>
    </div>
  );
}
