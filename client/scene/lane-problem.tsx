import { t } from '../i18n/index.ts';
import type { LaneId } from '../lanes.ts';
import { useApp } from '../state/app.ts';
import { Icon } from '../widgets/icon.tsx';

/** In place of a lane that cannot be shown: why, and what to do about it. */
export function LaneProblem({ lane, message }: { lane: LaneId; message: string }) {
  const { session, training, view } = useApp();
  const policy = t.value.policy[lane];
  return (
    <div class="lane-problem" role="alert" data-testid={`lane-${lane}-error`}>
      <Icon name="alert" size={28} />
      <h3>{t.value.stage.laneMissing(policy)}</h3>
      <p>{message}</p>
      <button
        type="button"
        class="primary"
        data-testid={`lane-${lane}-train`}
        onClick={() => {
          training.form.policy.value = lane;
          view.tab.value = 'train';
          void training.start.run();
        }}
      >
        {t.value.stage.trainIt(policy)}
      </button>
      <button type="button" onClick={() => session.retry(lane)} data-testid={`lane-${lane}-retry`}>
        {t.value.retry}
      </button>
    </div>
  );
}
