import { useApp } from '../../app.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { t } from '../../texts.ts';
import { canTakeOver, takeOver } from '../record/take-over.ts';

/** Takes the arm out of the hand of who acts in a view. */
export function TakeOverButton({ lane }: { lane: LaneId }) {
  const app = useApp();
  const text = t.value.takeover;
  if (app.view.embedded.value || !canTakeOver(app, lane)) return null;
  return (
    <button
      type="button"
      class="chip chip-button quiet take-over"
      title={text.takeTitle}
      data-testid={`lane-${lane}-take-over`}
      onClick={() => void takeOver(app, lane)}
    >
      <Icon name="hand" size={16} />
      <span>{text.take}</span>
    </button>
  );
}
