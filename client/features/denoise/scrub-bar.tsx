import { PlayButton } from '../../shared/widgets/play-button.tsx';
import { t } from '../../texts.ts';
import { stationAt } from './noised-scene.ts';
import { useRoom } from './room.ts';

/** Keys that move a slider. */
const SLIDER_KEYS = new Set(
  'Home End PageUp PageDown ArrowLeft ArrowRight ArrowUp ArrowDown'.split(' '),
);

/** From noise to the plan: a tick for each network call of the chosen view that is kept. */
export function ScrubBar() {
  const room = useRoom();
  const { denoisings, playing, progress, play } = room.denoising;
  const denoising = denoisings[room.lane.value].value;
  const text = t.value.denoise;
  const last = denoising ? denoising.stations.length - 1 : 1;
  const at = denoising ? stationAt(denoising, progress.value) : 0;
  // Whoever takes hold of it holds it, also where it stands already: that is no input.
  const hold = () => room.scrub(progress.peek());
  const said = denoising ? stationText(denoising.calls, denoising.stations[at].call) : text.drawing;
  return (
    <div class="denoise-scrub">
      <PlayButton
        playing={playing.value}
        labels={text}
        testid="denoise-play"
        size={16}
        disabled={!denoising}
        onClick={() => {
          const plays = playing.value;
          hold();
          if (!plays) play();
        }}
      />
      <div class="denoise-track">
        <input
          type="range"
          min={0}
          max={last}
          step={1}
          value={at}
          disabled={!denoising}
          aria-label={text.scrub}
          aria-valuetext={said}
          data-testid="denoise-scrub"
          onPointerDown={hold}
          onKeyDown={({ key }) => {
            if (SLIDER_KEYS.has(key)) hold();
          }}
          onInput={(event) => {
            const station = denoising?.stations[Number(event.currentTarget.value)];
            if (denoising && station) room.scrub(station.call / denoising.calls);
          }}
        />
        <div class="denoise-ticks" aria-hidden="true">
          {Array.from({ length: last + 1 }, (_, i) => (
            <span key={i} class={i <= at ? 'passed' : ''} />
          ))}
        </div>
        <div class="row spread small-text muted" aria-hidden="true">
          <span>{text.noise}</span>
          <span>{text.plan}</span>
        </div>
      </div>
    </div>
  );
}

/** "call 3 of 10", or that the plan is done. */
export function stationText(calls: number, call: number): string {
  const text = t.value.denoise;
  return call < calls ? text.callOf(call + 1, calls) : text.done(calls);
}
