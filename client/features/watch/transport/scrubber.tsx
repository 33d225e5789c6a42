import { useComputed, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { useApp } from '../../../app.ts';
import { LANES, type LaneId } from '../../../shared/lanes/lanes.ts';
import { DEFAULT_HZ } from '../../../shared/lanes/settings.ts';
import { t } from '../../../texts.ts';
import type { Track } from '../playback/track.ts';
import { SCRUB_KEYS, scrubByKey } from './scrub-keys.ts';

/** The longest duration of an episode, s: its time limit and what is shown after it. */
const EPISODE_SECONDS = 9;

/**
 * The episode as three lines of time, one a policy: a tick for each plan, a cross where the post
 * was touched, a dot at success. Dragging shows any moment of it, as do the keys of a slider.
 */
export function Scrubber() {
  const { player } = useApp();
  const bar = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const clock = useRef<HTMLSpanElement>(null);
  const text = t.value.transport;
  const track = player.track.value;
  const hz = track?.info.controlHz ?? DEFAULT_HZ;
  const length = EPISODE_SECONDS * hz;

  // At 60 Hz: past the components, straight to the elements.
  useSignalEffect(() => {
    player.received.value;
    const step = player.position.value;
    const shown = player.track.value;
    const rate = shown?.info.controlHz ?? DEFAULT_HZ;
    const seconds = step / rate;
    const share = Math.min(1, seconds / EPISODE_SECONDS);
    if (head.current) head.current.style.transform = `translateX(${share * 100}%)`;
    const time = seconds.toFixed(1);
    if (clock.current && clock.current.textContent !== time) clock.current.textContent = time;
    // As far as one can go: the rest of the bar has not happened yet.
    const reached = ((shown?.lastStep ?? 0) / rate).toFixed(1);
    setAttributes(bar.current, {
      'aria-valuemin': ((shown?.firstStep ?? 0) / rate).toFixed(1),
      'aria-valuemax': reached,
      'aria-valuenow': time,
      'aria-valuetext': t.value.playback.at(time, reached),
    });
  });

  function seekTo(event: PointerEvent): void {
    const box = bar.current?.getBoundingClientRect();
    if (!box || box.width === 0) return;
    const share = (event.clientX - box.left) / box.width;
    player.seek(Math.round(Math.max(0, Math.min(1, share)) * length));
  }

  return (
    <div class="scrub">
      <div
        ref={bar}
        class="scrubber"
        role="slider"
        tabIndex={0}
        aria-label={text.time}
        aria-orientation="horizontal"
        aria-valuenow={0}
        aria-disabled={track === null}
        aria-keyshortcuts={SCRUB_KEYS.join(' ')}
        data-testid="scrubber"
        onKeyDown={(event) => {
          if (event.ctrlKey || event.metaKey || event.altKey) return;
          // The page's own arrow keys would move it twice.
          if (scrubByKey(player, event)) event.preventDefault();
        }}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          seekTo(event);
        }}
        onPointerMove={(event) => {
          if (event.currentTarget.hasPointerCapture(event.pointerId)) seekTo(event);
        }}
      >
        {LANES.map((lane) => (
          <TimeLine key={lane} lane={lane} track={track} length={length} />
        ))}
        <div class="scrub-head" ref={head}>
          <span />
        </div>
      </div>
      <span class="scrub-time tabular">
        <span ref={clock} data-testid="transport-time">
          0.0
        </span>{' '}
        s
      </span>
    </div>
  );
}

/** Writes those that have changed. */
function setAttributes(element: Element | null, wanted: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(wanted)) {
    if (element?.getAttribute(name) !== value) element?.setAttribute(name, value);
  }
}

function TimeLine({ lane, track, length }: { lane: LaneId; track: Track | null; length: number }) {
  const { cast, player } = useApp();
  const view = useComputed(() => {
    player.received.value;
    player.jumps.value;
    if (!track?.lanes.includes(lane)) return { reached: 0, plans: [], marks: null };
    return {
      reached: track.lastStep,
      plans: track.fans(lane).map(({ step }) => step),
      marks: { ...track.marks(lane) },
    };
  });
  const { reached, plans, marks } = view.value;
  const at = (step: number) => `${Math.min(100, (100 * step) / length)}%`;
  const words = t.value.transport.marks;
  return (
    <div class={`timeline ${cast.of(lane).name ?? ''}`}>
      <span class="timeline-reached" style={{ width: at(marks?.ended ?? reached) }} />
      {plans.map((step) => (
        <span key={step} class="tick" style={{ left: at(step) }} title={words.plan} />
      ))}
      {marks?.contact != null && (
        <span class="mark contact" style={{ left: at(marks.contact) }} title={words.contact}>
          ✕
        </span>
      )}
      {marks?.success != null && (
        <span class="mark success" style={{ left: at(marks.success) }} title={words.success}>
          ✓
        </span>
      )}
    </div>
  );
}
