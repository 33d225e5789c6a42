import { useComputed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { createFrames, forwardKinematics } from '../../../sim/arm/kinematics.ts';
import { useApp } from '../../app.ts';
import { LaneName } from '../../shared/lanes/lane-name.tsx';
import { LANES, type LaneId } from '../../shared/lanes/lanes.ts';
import { boundsOf, nearestPlace, type Place, placesOf } from '../../shared/tasks/placing.ts';
import { taskOf } from '../../shared/tasks/stage-tasks.ts';
import { objectText } from '../../shared/tasks/told-outcome.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { Term } from '../../shared/words/term.tsx';
import { t } from '../../texts.ts';
import { replayedUntil } from '../watch/playback/replay.ts';
import { createSample } from '../watch/playback/track.ts';
import { unreadLines } from './unread.ts';

/** One world in numbers. */
interface Numbers {
  readonly joints: readonly number[];
  readonly opening: number;
  readonly tcp: readonly number[];
  /** Position of each object, m. */
  readonly objects: readonly (readonly number[])[];
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
      {!view.recording.value && <ObjectPlaces />}
      <UnreadEntries />
    </>
  );
}

/** What is in the data directory and on no list of the page. */
function UnreadEntries() {
  const { unread } = useApp();
  const text = t.value.state.unread;
  const lines = unreadLines(unread.value, text);
  if (lines.length === 0) return null;
  return (
    <section data-testid="state-unread">
      <h3>{text.title}</h3>
      <ul class="hint unread">
        {lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </section>
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
        objects: sample.objects.map((position) => Array.from(position)),
        step,
      };
    });
  });
  const replayed = useComputed(() => {
    player.received.value;
    const track = player.track.value;
    return track && replayedUntil(track, whole.value);
  }).value;
  const text = t.value.state;
  return (
    <>
      <p class="row spread tabular">
        <span>
          <Term id="seed">{text.seed}</Term> <b data-testid="state-seed">{settings.seed.value}</b>
        </span>
        <span>
          <Term id="episode">{text.episode}</Term>{' '}
          <b data-testid="state-episode">{player.track.value?.info.episode ?? '–'}</b>
        </span>
      </p>
      {settings.perturb.value !== null && (
        <p class="row spread">
          <code data-testid="state-perturbed">perturb={settings.perturb.value}</code>
          <button
            type="button"
            class="bare"
            title={t.value.stage.dismiss}
            aria-label={t.value.stage.dismiss}
            data-testid="unperturb"
            onClick={() => {
              settings.perturb.value = null;
            }}
          >
            <Icon name="close" size={18} />
          </button>
        </p>
      )}
      {replayed && (
        <p class="hint tabular" title={text.replayHint}>
          {text.replay}{' '}
          <code data-testid="state-replay">
            {replayed.missing === 0 ? replayed.digest : text.incomplete(replayed.missing)}
          </code>
        </p>
      )}
      <NumberTable
        objects={taskOf(settings.task.value).objectNames}
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
    objects: now.objects,
    step: now.steps,
  };
  return (
    <NumberTable
      objects={taskOf(recording.task.value).objectNames}
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
  objects,
  columns,
}: {
  objects: readonly string[];
  columns: readonly {
    readonly id: LaneId | 'record';
    readonly title: ComponentChildren;
    readonly numbers: Numbers | null;
  }[];
}) {
  const text = t.value.state;
  const rows: readonly {
    readonly key: string;
    readonly label: ComponentChildren;
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
    ...objects.flatMap((name, k) =>
      AXES.map((axis, i) => ({
        key: `${name}-${axis}`,
        label: `${objectText(name)} ${axis}`,
        read: ({ objects: positions }: Numbers) => positions[k]?.[i].toFixed(3) ?? '–',
      })),
    ),
    { key: 'step', label: <Term id="step">{text.step}</Term>, read: ({ step }) => String(step) },
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

/** The objects' places in numbers: what dragging does, for the keyboard. */
function ObjectPlaces() {
  const { player, settings } = useApp();
  const task = taskOf(settings.task.value);
  const start = settings.objects.value ?? placesOf(player.track.value?.info.objects ?? []);
  const put = (index: number, x: number, y: number) => {
    const others = start.filter((_, i) => i !== index);
    const place = nearestPlace(task.placing, x, y, others);
    player.live();
    settings.objects.value = start.map((each, i) => (i === index ? place : each));
  };
  return (
    <>
      {task.objectNames.map((name, i) => {
        const at = start[i];
        return at && <ObjectPlace key={name} name={name} index={i} at={at} onPut={put} />;
      })}
    </>
  );
}

function ObjectPlace({
  name,
  index,
  at: place,
  onPut,
}: {
  name: string;
  index: number;
  at: Place;
  onPut(index: number, x: number, y: number): void;
}) {
  const { settings } = useApp();
  const text = t.value.state;
  const { x, y } = boundsOf(taskOf(settings.task.value).placing);
  const axes = [
    { axis: 'x', at: place[0], bounds: x },
    { axis: 'y', at: place[1], bounds: y },
  ] as const;
  return (
    <section class="try">
      <h3>{text.placeTitle(objectText(name))}</h3>
      {axes.map(({ axis, at, bounds: [low, high] }) => (
        <label key={axis} class="slider">
          <span class="row spread">
            <span class="field-label">{text.axis[axis]}</span>
            <output class="tabular">{at.toFixed(3)} m</output>
          </span>
          <input
            id={`ball-${index}-${axis}`}
            type="range"
            min={low}
            max={high}
            step={0.005}
            value={at}
            data-testid={`ball-${index}-${axis}`}
            onChange={(event) => {
              const value = Number(event.currentTarget.value);
              if (axis === 'x') onPut(index, value, place[1]);
              else onPut(index, place[0], value);
            }}
          />
        </label>
      ))}
    </section>
  );
}
