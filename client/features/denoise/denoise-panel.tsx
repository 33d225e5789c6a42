import { useEffect, useMemo } from 'preact/hooks';
import { useApp } from '../../app.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import { ErrorNote } from '../../shared/widgets/error-note.tsx';
import { Icon } from '../../shared/widgets/icon.tsx';
import { t } from '../../texts.ts';
import { CallsSlider } from './calls-slider.tsx';
import { DenoisedColumn } from './denoised-column.tsx';
import { HeatLegend } from './heat-canvas.tsx';
import { NoisePad } from './noise-pad.tsx';
import { createRoom, RoomProvider, useRoom } from './room.ts';
import { ScrubBar } from './scrub-bar.tsx';
import { viewName } from './view-name.ts';
import './denoise.css';

/** How plans come out of noise: the way there, call by call, and what other noise makes of them. */
export function DenoisePanel() {
  const app = useApp();
  const room = useMemo(() => createRoom(app, app.view.reducedMotion.peek()), [app]);
  useEffect(() => () => room.dispose(), [room]);
  useEffect(() => {
    let last: number | null = null;
    let request = requestAnimationFrame(function frame(now: number) {
      room.denoising.tick(last === null ? 0 : (now - last) / 1000);
      last = now;
      request = requestAnimationFrame(frame);
    });
    return () => cancelAnimationFrame(request);
  }, [room]);
  const text = t.value.denoise;
  return (
    <RoomProvider value={room}>
      <h2>{text.title}</h2>
      <p class="hint">{text.lead}</p>
      {room.denoising.held.value ? <Held /> : <Going />}
      <OtherNoise />
    </RoomProvider>
  );
}

function Going() {
  const { player } = useApp();
  const text = t.value.denoise;
  return (
    <div class="denoise-going">
      <p>{text.going}</p>
      <button
        type="button"
        class="primary"
        data-testid="denoise-hold"
        onClick={() => player.pause()}
      >
        <Icon name="pause" size={16} />
        {text.hold}
      </button>
    </div>
  );
}

function Held() {
  const { cast } = useApp();
  const { lane, lanes, drawsNoise, denoising } = useRoom();
  const chosen = lane.value;
  const { guest, oneAnswer } = cast.of(chosen);
  const noisy = lanes.value.filter(drawsNoise);
  const columns = drawsNoise(chosen) ? noisy : [chosen];
  const error = denoising.errors[chosen].value;
  return (
    <>
      <ViewSwitch />
      <MomentLine lane={chosen} />
      {drawsNoise(chosen) && (
        <section>
          <ScrubBar />
          {error && <ErrorNote message={error.message} testid="denoise-error" />}
        </section>
      )}
      <section
        class="denoise-columns"
        style={{ '--columns': columns.length }}
        data-testid="denoise-columns"
      >
        {columns.map((each) => (
          <DenoisedColumn key={each} lane={each} />
        ))}
        <HeatLegend />
      </section>
      {drawsNoise(chosen) ? (
        <>
          <section>
            <CallsSlider lane={chosen} />
          </section>
          <NoisePad />
        </>
      ) : (
        <p class="empty" data-testid="denoise-one-answer">
          {guest === null || oneAnswer ? t.value.denoise.oneAnswer : t.value.denoise.guest(guest)}
        </p>
      )}
    </>
  );
}

/** Which plan it is, and whether what is shown is the one that acted. */
function MomentLine({ lane }: { lane: LaneId }) {
  const { player } = useApp();
  const { moments, denoisings } = useRoom().denoising;
  const text = t.value.denoise;
  const moment = moments[lane].value;
  const shown = denoisings[lane].value;
  if (!moment) return <p class="hint">{text.waiting}</p>;
  const hz = player.track.value?.info.controlHz ?? 1;
  const acted = shown && (shown.asActed ? text.asActed : text.notActed(shown.calls));
  return (
    <p class="hint" data-testid="denoise-moment" data-acted={shown?.asActed ?? ''}>
      {[text.moment((moment.step / hz).toFixed(1)), ...(acted ? [acted] : [])].join(' · ')}
    </p>
  );
}

/** Which view is looked at. */
function ViewSwitch() {
  const { cast } = useApp();
  const room = useRoom();
  return (
    <fieldset class="segments denoise-views" aria-label={t.value.denoise.view}>
      {room.lanes.value.map((lane) => (
        <button
          key={lane}
          type="button"
          class={cast.of(lane).name ?? ''}
          aria-pressed={lane === room.lane.value}
          data-testid={`denoise-view-${lane}`}
          onClick={() => room.choose(lane)}
        >
          {viewName(lane, cast)}
        </button>
      ))}
    </fieldset>
  );
}

function OtherNoise() {
  const { settings } = useApp();
  const room = useRoom();
  const text = t.value.denoise;
  return (
    <section class="denoise-other">
      <button
        type="button"
        class="small"
        data-testid="denoise-other"
        onClick={() => room.drawOther()}
      >
        {text.other}
        <span class="rail-key" aria-hidden="true">
          O
        </span>
      </button>
      <span class="tabular muted small-text" data-testid="denoise-number">
        {text.noiseNumber(settings.noise.value)}
      </span>
    </section>
  );
}
