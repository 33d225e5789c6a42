import { useApp } from '../../app.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { fullNameOf } from '../../shared/lanes/role-text.ts';
import { canBeTold, taskOf } from '../../shared/tasks/stage-tasks.ts';
import { ModeBar, ModeCounts, modeTitles } from '../../shared/widgets/mode-counts.tsx';
import { Term } from '../../shared/words/term.tsx';
import type { TermId } from '../../shared/words/terms.ts';
import { t } from '../../texts.ts';

/** More counts than these are written smaller and in more room, so that they stay in one line. */
const ONE_LINE = 3;

/** How a lane's ended episodes went. Widths are fixed: counts change and nothing moves. */
export function LaneCounts({ lane }: { lane: LaneId }) {
  const { cast, session, settings } = useApp();
  const counts = session.counts(lane);
  const text = t.value.stage.count;
  const episodes = counts?.episodes ?? 0;
  const task = settings.task.value;
  const modes = counts?.modes ?? {};
  const modeCount = taskOf(task).modes.length;
  const manyModes = modeCount > 2;
  const crowded = modeCount > ONE_LINE;
  return (
    <footer
      class={`lane-counts ${crowded ? 'crowded' : ''}`}
      title={text.title(fullNameOf(cast.of(lane)))}
    >
      {canBeTold(task) ? (
        <Count
          label={t.value.told.count}
          term="success"
          value={counts?.obeyed ?? 0}
          of={episodes}
          testid={`count-${lane}-obeyed`}
        />
      ) : (
        <Count
          label={text.success}
          term="success"
          value={counts?.successes ?? 0}
          of={episodes}
          testid={`count-${lane}-success`}
        />
      )}
      <Count
        label={text.contact}
        term="contact"
        value={counts?.contacts ?? 0}
        of={episodes}
        testid={`count-${lane}-contact`}
      />
      <div class={`count sides ${crowded ? 'crowded' : ''}`}>
        <span class="count-value tabular">
          <ModeCounts task={task} counts={modes} testid={`count-${lane}`} />
        </span>
        <ModeBar task={task} counts={modes} />
        <span class={`count-label ${manyModes ? 'listed' : ''}`}>{modeTitles(task)}</span>
        {manyModes && <span class="count-label named">{text.way}</span>}
      </div>
      <span class="visually-hidden" data-testid={`count-${lane}-episodes`}>
        {episodes}
      </span>
    </footer>
  );
}

function Count({
  label,
  term,
  value,
  of,
  testid,
}: {
  label: string;
  term: TermId;
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
      <span class="count-label">
        <Term id={term}>{label}</Term>
      </span>
    </div>
  );
}
