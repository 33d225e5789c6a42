import { INVALID } from '../../../server/protocol/frames.ts';
import type { Denoising, Station } from '../../../server/protocol/index.ts';
import { useApp } from '../../app.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { modesOf } from '../../shared/tasks/modes.ts';
import { SplitBar } from '../../shared/widgets/bars.tsx';
import { Term } from '../../shared/words/term.tsx';
import { t } from '../../texts.ts';
import { HeatCanvas } from './heat-canvas.tsx';
import { pointingOf, stationAt } from './noised-scene.ts';
import { useRoom } from './room.ts';
import { stationText } from './scrub-bar.tsx';
import { viewName } from './view-name.ts';

/** One view's plan at the share of the way that is shown: as it stands, and what it points to. */
export function DenoisedColumn({ lane }: { lane: LaneId }) {
  const { cast } = useApp();
  const { denoising } = useRoom();
  const shown = denoising.denoisings[lane].value;
  const error = denoising.errors[lane].value;
  const role = cast.of(lane);
  return (
    <div class={`denoise-column ${role.name ?? ''}`} data-testid={`denoise-${lane}`}>
      <h3>
        <span class="lane-dot" />
        {viewName(lane, cast)}
      </h3>
      {shown ? (
        <Stand denoising={shown} lane={lane} />
      ) : (
        <p class="muted small-text">
          {error
            ? role.guest === null && error.message
            : denoising.moments[lane].value
              ? t.value.denoise.drawing
              : t.value.denoise.waiting}
        </p>
      )}
    </div>
  );
}

function Stand({ denoising, lane }: { denoising: Denoising; lane: LaneId }) {
  const room = useRoom();
  const text = t.value.denoise;
  const noise = room.drawsNoise(lane);
  const at = noise ? stationAt(denoising, room.denoising.progress.value) : -1;
  const station = denoising.stations.at(at);
  if (!station) return null;
  return (
    <>
      {noise && (
        <p class="small-text tabular denoise-at" data-testid={`denoise-${lane}-at`}>
          <Term id={denoising.diffusionSteps > 0 ? 'k' : 'tau'}>
            {timeText(denoising, station)}
          </Term>
          {' · '}
          {stationText(denoising.calls, station.call)}
        </p>
      )}
      <HeatCanvas
        what={noise ? text.noised : text.plan}
        chunk={station.chunk}
        pose={denoising.pose}
      />
      {noise && <HeatCanvas what={text.pointsTo} chunk={station.estimate} pose={denoising.pose} />}
      <Pointing denoising={denoising} station={station} lane={lane} />
    </>
  );
}

/** "k = 60", or "τ = 0.40". */
function timeText({ diffusionSteps }: Denoising, { time }: Station): string {
  return diffusionSteps > 0 ? `k = ${Math.round(time * diffusionSteps)}` : `τ = ${time.toFixed(2)}`;
}

function Pointing({
  denoising,
  station,
  lane,
}: {
  denoising: Denoising;
  station: Station;
  lane: LaneId;
}) {
  const { settings } = useApp();
  const { counts, settled } = pointingOf(denoising, station);
  const split = t.value.stage.split;
  const parts = [
    ...modesOf(settings.task.value).map(({ name, text, colour }, mode) => {
      return { kind: name, text, colour, count: counts.get(mode) ?? 0 };
    }),
    { kind: 'invalid', text: split.invalid, count: counts.get(INVALID) ?? 0 },
  ];
  const rest = denoising.modes.length - parts.reduce((sum, { count }) => sum + count, 0);
  const all = [...parts, { kind: 'none', text: split.none, count: rest }];
  const label = all
    .filter(({ count }) => count > 0)
    .map(({ count, text }) => `${count} ${text}`)
    .join(' · ');
  return (
    <div data-testid={`denoise-${lane}-points`}>
      <SplitBar label={`${t.value.denoise.pointsTo}: ${label}`} parts={all} />
      <p class="small-text">{label}</p>
      {station.call < denoising.calls && (
        <p class="hint">{t.value.denoise.settled(settled, denoising.modes.length)}</p>
      )}
    </div>
  );
}
