import { type ReadonlySignal, useComputed } from '@preact/signals';
import { useApp } from '../../../app.ts';
import type { LaneId } from '../../../shared/lanes/lanes.ts';
import type { TrackEvent } from '../playback/events.ts';

/** What stands on a line for an event that is not a plan. */
const SIGNS = { contact: '✕', success: '✓', closes: '›‹', opens: '‹›', turns: '⇄' } as const;

/** An episode of one view as a line of time: what was received of it, and what happened. */
export function TimeLine({
  lane,
  events,
  length,
}: {
  lane: LaneId;
  events: ReadonlySignal<readonly TrackEvent[]>;
  /** Control steps of the whole line. */
  length: number;
}) {
  const { cast, player } = useApp();
  const reached = useComputed(() => {
    player.received.value;
    const track = player.track.value;
    if (!track?.lanes.includes(lane)) return 0;
    return track.marks(lane)?.ended ?? track.lastStep;
  });
  const at = (step: number) => `${Math.min(100, (100 * step) / length)}%`;
  return (
    <div class={`timeline ${cast.of(lane).name ?? ''}`} data-testid={`timeline-${lane}`}>
      <span class="timeline-reached" style={{ width: at(reached.value) }} />
      {events.value.map((event) =>
        event.kind === 'plan' ? (
          <span
            key={`plan ${event.step}`}
            class={`tick ${event.late ? 'late' : ''}`}
            style={{ left: at(event.step) }}
          />
        ) : (
          <span
            key={`${event.kind} ${event.step}`}
            class={`mark ${event.kind}`}
            style={{ left: at(event.step) }}
          >
            {SIGNS[event.kind]}
          </span>
        ),
      )}
    </div>
  );
}
