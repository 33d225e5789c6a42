import { useApp } from '../../app.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { fullNameOf } from '../../shared/lanes/role-text.ts';
import { canBeTold } from '../../shared/tasks/stage-tasks.ts';
import { SplitBar } from '../../shared/widgets/bars.tsx';
import { t } from '../../texts.ts';

/** How a lane's ended episodes went. Widths are fixed: counts change and nothing moves. */
export function LaneCounts({ lane }: { lane: LaneId }) {
  const { cast, session, settings } = useApp();
  const counts = session.counts(lane);
  const text = t.value.stage.count;
  const episodes = counts?.episodes ?? 0;
  const left = counts?.modes.left ?? 0;
  const right = counts?.modes.right ?? 0;
  return (
    <footer class="lane-counts" title={text.title(fullNameOf(cast.of(lane)))}>
      {canBeTold(settings.task.value) ? (
        <Count
          label={t.value.told.count}
          value={counts?.obeyed ?? 0}
          of={episodes}
          testid={`count-${lane}-obeyed`}
        />
      ) : (
        <Count
          label={text.success}
          value={counts?.successes ?? 0}
          of={episodes}
          testid={`count-${lane}-success`}
        />
      )}
      <Count
        label={text.contact}
        value={counts?.contacts ?? 0}
        of={episodes}
        testid={`count-${lane}-contact`}
      />
      <div class="count sides">
        <span class="count-value tabular">
          <span class="left" data-testid={`count-${lane}-left`}>
            {left}
          </span>
          <span class="count-of"> | </span>
          <span class="right" data-testid={`count-${lane}-right`}>
            {right}
          </span>
        </span>
        <SplitBar
          label={`${left} ${t.value.side.left}, ${right} ${t.value.side.right}`}
          parts={[
            { kind: 'left', count: left },
            { kind: 'right', count: right },
          ]}
        />
        <span class="count-label">{text.sides}</span>
      </div>
      <span class="visually-hidden" data-testid={`count-${lane}-episodes`}>
        {episodes}
      </span>
    </footer>
  );
}

function Count({
  label,
  value,
  of,
  testid,
}: {
  label: string;
  value: number;
  of: number;
  testid: string;
}) {
  return (
    <div class="count">
      <span class="count-value tabular">
        <span data-testid={testid}>{value}</span>
        <span class="count-of">/{of}</span>
      </span>
      <span class="count-label">{label}</span>
    </div>
  );
}
