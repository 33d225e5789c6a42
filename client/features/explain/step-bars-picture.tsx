import { useComputed } from '@preact/signals';
import { useApp } from '../../app.ts';
import { LaneName } from '../../shared/lanes/lane-name.tsx';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { DEFAULT_HZ } from '../../shared/lanes/settings.ts';
import { formatMs } from '../../shared/widgets/format.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { latencyText } from './latency-texts.ts';
import { pictureOf, type StepPicture } from './step-bars.ts';

/** Bars across at most, so that each can be seen. */
const MOST_ACROSS = 90;
/** Height of the bars, and of the line below them that says whether the arm waits. */
const HEIGHT = 44;
const LINE = 5;

/** A bar a control step in which a lane planned, against the deadline, of the episode that is shown. */
export function StepBars({ lane }: { lane: LaneId }) {
  const { player, session } = useApp();
  const text = latencyText.value;
  const picture = useComputed((): StepPicture | null => {
    player.received.value;
    const track = player.track.value;
    const info = session.info(lane);
    if (!track || !info) return null;
    const { lastStep: last, info: episode } = track;
    return pictureOf(track.fans(lane), info, { last, controlHz: episode.controlHz });
  }).value;
  const horizon = player.track.value?.info.actionHorizon;
  const hz = player.track.value?.info.controlHz ?? DEFAULT_HZ;
  const newest = picture?.bars.at(-1);
  return (
    <figure class="step-bars" data-testid={`latency-${lane}`}>
      <figcaption class="row spread">
        <LaneName lane={lane} />
        <span class={`tabular ${newest?.late ? 'late' : ''}`} data-testid={`latency-${lane}-plan`}>
          {newest?.late && <Icon name="alert" size={12} />}
          {newest && horizon
            ? text.now(formatMs(newest.milliseconds), formatMs(newest.milliseconds / horizon))
            : '–'}
        </span>
      </figcaption>
      {picture && <Bars picture={picture} label={labelOf(picture, hz)} />}
    </figure>
  );
}

function labelOf({ bars, waits }: StepPicture, hz: number): string {
  const longest = Math.max(0, ...bars.map(({ milliseconds }) => milliseconds));
  const waited = waits.reduce((sum, [from, to]) => sum + to - from, 0);
  const late = bars.filter((bar) => bar.late).length;
  return latencyText.value.bars(bars.length, late, formatMs(longest), formatMs(1000 / hz), waited);
}

function Bars({ picture, label }: { picture: StepPicture; label: string }) {
  const { bars, waits, steps, deadline } = picture;
  const text = latencyText.value;
  const width = Math.max(1, steps / MOST_ACROSS);
  return (
    <svg
      viewBox={`0 0 ${steps} ${HEIGHT + LINE}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <rect class="acts" y={HEIGHT + 1} width={steps} height={LINE - 1} />
      {waits.map(([from, to]) => (
        <rect
          key={from}
          class="waits"
          x={from}
          y={HEIGHT + 1}
          width={to - from}
          height={LINE - 1}
        />
      ))}
      {bars.map(({ step, milliseconds, share, late, cut }) => (
        <g key={step} class={`bar ${late ? 'late' : ''}`}>
          <title>{text.bar(step, formatMs(milliseconds))}</title>
          <rect x={step} y={(1 - share) * HEIGHT} width={width} height={share * HEIGHT} />
          {cut && <rect class="cut" x={step} y={3} width={width} height={2} />}
        </g>
      ))}
      <line class="deadline" x2={steps} y1={(1 - deadline) * HEIGHT} y2={(1 - deadline) * HEIGHT} />
    </svg>
  );
}
