import { useApp } from '../../app.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { t } from '../../texts.ts';

/** Of a view whose hand a person holds: how that fares, in the place of what its policy did. */
export function LedChips() {
  const { recording } = useApp();
  const text = t.value.stage;
  const now = recording.taken.value && recording.view.value;
  return (
    <>
      <span class="chip led">
        <Icon name="hand" size={14} />
        {t.value.takeover.leads}
      </span>
      {now?.contact && <span class="chip bad">{text.touched}</span>}
      {now?.success && !now.contact && <span class="chip good">{text.grasped}</span>}
    </>
  );
}
