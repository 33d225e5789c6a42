import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { createFrames, forwardKinematics } from '../../sim/arm/kinematics.ts';
import { BALL_PLACES, ballPlace } from '../ball-bounds.ts';
import { t } from '../i18n/index.ts';
import { LANES, type LaneId } from '../lanes.ts';
import { createSample } from '../playback/track.ts';
import { useApp } from '../state/app.ts';
import { LaneName } from './lane-name.tsx';

/** One world in numbers. */
interface Numbers {
  readonly joints: readonly number[];
  readonly opening: number;
  readonly tcp: readonly number[];
  readonly ball: readonly number[];
  readonly step: number;
}

const AXES = ['x', 'y', 'z'] as const;
const DEGREES = 180 / Math.PI;
const frames = createFrames();

/** Numbers of every lane at the moment shown; of the recorder while one records. */
export function StatePanel() {
  const { view } = useApp();
  const text = t.value.state;
  return (
    <>
      <h2>{text.title}</h2>
      {view.recording.value ? <RecorderNumbers /> : <LaneNumbers />}
      <p class="hint">{text.units}</p>
      {!view.recording.value && <BallPlace />}
    </>
  );
}

function LaneNumbers() {
  const { player, settings } = useApp();
  // Whole steps are what one can read, and what there are frames of.
  const whole = useComputed(() => Math.floor(player.position.value));
  const columns = useComputed(() => {
    player.received.value;
    const track = player.track.value;
    const step = whole.value;
    return LANES.map((lane): Numbers | null => {
      const sample = createSample();
      if (!track?.sample(lane, step, sample)) return null;
      return {
        joints: Array.from(sample.joints),
        opening: sample.opening,
        tcp: Array.from(forwardKinematics(sample.joints, frames).tcpPosition),
        ball: Array.from(sample.object),
        step,
      };
    });
  });
  const text = t.value.state;
  return (
    <>
      <p class="row spread tabular">
        <span>
          {text.seed} <b data-testid="state-seed">{settings.seed.value}</b>
        </span>
        <span>
          {text.episode}{' '}
          <b data-testid="state-episode">{player.track.value?.info.episode ?? '–'}</b>
        </span>
      </p>
      <NumberTable
        columns={LANES.map((lane, i) => ({
          id: lane,
          title: <LaneName lane={lane} />,
          numbers: columns.value[i],
        }))}
      />
    </>
  );
}

function RecorderNumbers() {
  const { recording } = useApp();
  const now = recording.view.value;
  const numbers: Numbers | null = now && {
    joints: Array.from(now.state.subarray(0, 7)),
    opening: now.state[7],
    tcp: now.tcp,
    ball: now.ball,
    step: now.steps,
  };
  return (
    <NumberTable
      columns={[
        {
          id: 'record',
          title: <span class="lane-name record">{t.value.state.recorder}</span>,
          numbers,
        },
      ]}
    />
  );
}

function NumberTable({
  columns,
}: {
  columns: readonly {
    readonly id: LaneId | 'record';
    readonly title: ComponentChildren;
    readonly numbers: Numbers | null;
  }[];
}) {
  const text = t.value.state;
  const rows: readonly {
    readonly key: string;
    readonly label: string;
    read(numbers: Numbers): string;
  }[] = [
    ...Array.from({ length: 7 }, (_, i) => ({
      key: `joint-${i + 1}`,
      label: text.joint(i + 1),
      read: ({ joints }: Numbers) => `${(joints[i] * DEGREES).toFixed(1)}°`,
    })),
    {
      key: 'gripper',
      label: text.gripper,
      read: ({ opening }) => (opening * 1000).toFixed(1),
    },
    ...AXES.map((axis, i) => ({
      key: `tcp-${axis}`,
      label: `${text.tcp} ${axis}`,
      read: ({ tcp }: Numbers) => tcp[i].toFixed(3),
    })),
    ...AXES.map((axis, i) => ({
      key: `ball-${axis}`,
      label: `${text.ball} ${axis}`,
      read: ({ ball }: Numbers) => ball[i].toFixed(3),
    })),
    { key: 'step', label: text.step, read: ({ step }) => String(step) },
  ];
  return (
    <table class="state-table" data-testid="state-table">
      <thead>
        <tr>
          <td />
          {columns.map(({ id, title }) => (
            <th key={id} scope="col">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody class="tabular">
        {rows.map(({ key, label, read }) => (
          <tr key={key} class={key.endsWith('-x') || key === 'gripper' ? 'group' : ''}>
            <th scope="row">{label}</th>
            {columns.map(({ id, numbers }) => (
              <td key={id} data-testid={`state-${id}-${key}`}>
                {numbers ? read(numbers) : '–'}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The ball's place in numbers: what dragging does, for the keyboard. */
function BallPlace() {
  const { player, settings } = useApp();
  const text = t.value.state;
  const start = settings.object.value ?? player.track.value?.info.object ?? [0.68, 0];
  const axes = [
    { axis: 'x', at: start[0], bounds: BALL_PLACES.x },
    { axis: 'y', at: start[1], bounds: BALL_PLACES.y },
  ] as const;
  return (
    <section class="try">
      <h3>{text.ballTitle}</h3>
      {axes.map(({ axis, at, bounds: [low, high] }) => (
        <label key={axis} class="slider">
          <span class="row spread">
            <span class="field-label">{text.axis[axis]}</span>
            <output class="tabular">{at.toFixed(3)} m</output>
          </span>
          <input
            id={`ball-${axis}`}
            type="range"
            min={low}
            max={high}
            step={0.005}
            value={at}
            data-testid={`ball-${axis}`}
            onChange={(event) => {
              const value = Number(event.currentTarget.value);
              player.live();
              settings.object.value =
                axis === 'x' ? ballPlace(value, start[1]) : ballPlace(start[0], value);
            }}
          />
        </label>
      ))}
    </section>
  );
}
