import { type ReadonlySignal, useComputed, useSignal, useSignalEffect } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { useApp } from '../../../app.ts';
import { LANES } from '../../../shared/lanes/lanes.ts';
import { distinctNameOf } from '../../../shared/lanes/role-text.ts';
import { DEFAULT_HZ } from '../../../shared/lanes/settings.ts';
import { t } from '../../../texts.ts';
import { eventsOf, isNotable, nearestEvent, type TrackEvent } from '../playback/events.ts';
import { eventText } from './event-text.ts';
import { SCRUB_KEYS, scrubByKey } from './scrub-keys.ts';
import { TimeLine } from './time-line.tsx';

/** The longest duration of an episode, s: its time limit and what is shown after it. */
const EPISODE_SECONDS = 9;
/** An event this near to the pointer is meant, CSS px. */
const REACH = 7;

/**
 * The episode as three lines of time, one a policy: ticks for plans, signs for what else happened.
 * Dragging shows any moment of it, as do the keys of a slider; what lies there is said above it.
 */
export function Scrubber() {
  const { cast, player, view } = useApp();
  const pointed = useSignal<TrackEvent | null>(null);
  const bar = useRef<HTMLDivElement>(null);
  const head = useRef<HTMLDivElement>(null);
  const clock = useRef<HTMLSpanElement>(null);
  const text = t.value.transport;
  const track = player.track.value;
  const hz = track?.info.controlHz ?? DEFAULT_HZ;
  const length = EPISODE_SECONDS * hz;

  const events = LANES.map((lane) =>
    // Their number changes far less often than frames come.
    useComputed(() => {
      player.received.value;
      return player.track.value ? eventsOf(player.track.value, lane) : [];
    }),
  );
  /** What the pointer is at, or else the moment at which time stands still. */
  const told = useComputed(() => {
    if (pointed.value) return pointed.value;
    const start = player.track.value?.firstStep ?? 0;
    // Who stands at the start has not gone to anything.
    if (player.playing.value || player.position.value <= start) return null;
    const there = events.flatMap((each) => each.value).filter(isNotable);
    return nearestEvent(there, player.position.value, 0.5);
  });
  const toldText = useComputed(() => {
    const event = told.value;
    if (!event) return '';
    return `${distinctNameOf(event.lane, cast)}: ${eventText(event, player.track.value?.info.task ?? '')}`;
  });

  // Wherever the keyboard is when its keys go from event to event.
  useSignalEffect(() => {
    if (pointed.value === null && toldText.value !== '') view.announcement.value = toldText.value;
  });

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
      'aria-valuetext': [t.value.playback.at(time, reached), toldText.value]
        .filter((part) => part !== '')
        .join(' · '),
    });
  });

  function seekTo(event: PointerEvent): void {
    const box = bar.current?.getBoundingClientRect();
    if (!box || box.width === 0) return;
    const share = (event.clientX - box.left) / box.width;
    player.seek(Math.round(Math.max(0, Math.min(1, share)) * length));
  }

  function pointAt(event: PointerEvent): void {
    const box = bar.current?.getBoundingClientRect();
    if (!box || box.width === 0) return;
    const lines = [...(bar.current?.querySelectorAll('.timeline') ?? [])];
    const middles = lines.map((line) => {
      const { top, bottom } = line.getBoundingClientRect();
      return Math.abs((top + bottom) / 2 - event.clientY);
    });
    const line = middles.indexOf(Math.min(...middles));
    const step = ((event.clientX - box.left) / box.width) * length;
    pointed.value = nearestEvent(events[line]?.value ?? [], step, (REACH / box.width) * length);
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
          pointAt(event);
        }}
        onPointerLeave={() => {
          pointed.value = null;
        }}
      >
        {LANES.map((lane, i) => (
          <TimeLine key={lane} lane={lane} events={events[i]} length={length} />
        ))}
        <EventNote event={told} text={toldText} length={length} held={pointed.value === null} />
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

/** What the event is, above its place on the line. */
function EventNote({
  event,
  text,
  length,
  held,
}: {
  event: ReadonlySignal<TrackEvent | null>;
  text: ReadonlySignal<string>;
  length: number;
  /** Time stands still there; nobody points at it. */
  held: boolean;
}) {
  const step = event.value?.step ?? 0;
  const share = Math.min(1, step / length);
  return (
    <div
      class={`event-note ${held ? 'held' : ''}`}
      aria-hidden="true"
      hidden={event.value === null}
      data-testid="scrub-event"
      style={{ left: `${100 * share}%`, transform: `translateX(-${100 * share}%)` }}
    >
      {text.value}
    </div>
  );
}
