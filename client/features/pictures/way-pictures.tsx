import type { Signal } from '@preact/signals';
import { PlayButton } from '../../shared/widgets/play-button.tsx';
import type { Playhead } from '../../shared/work/playhead.ts';
import { t } from '../../texts.ts';
import { PixelCanvas } from './pixel-canvas.tsx';
import { p } from './texts.ts';
import { stationAt, type Way } from './way.ts';

/** The picture as it stands beside what the network says that it will be, and where that is. */
export function WayPictures({
  way,
  head,
  progress,
  testid,
}: {
  way: Way | null;
  head: Playhead;
  progress: Signal<number>;
  testid: string;
}) {
  const text = p.value;
  const last = way ? way.stations.length - 1 : 1;
  const station = way ? stationAt(way, progress.value) : 0;
  const shown = way?.stations[station] ?? null;
  const size = way?.size ?? 16;
  return (
    <div class="stack">
      <div class="way-pictures">
        <figure>
          <PixelCanvas
            rgb={shown?.noised ?? null}
            size={size}
            label={text.noisedPicture(way?.caption ?? '')}
            testid={`${testid}-noised`}
          />
          <figcaption>{text.asItStands}</figcaption>
        </figure>
        <figure>
          <PixelCanvas
            rgb={shown?.estimate ?? null}
            size={size}
            label={text.estimatedPicture(way?.caption ?? '')}
            testid={`${testid}-estimate`}
          />
          <figcaption>{text.estimate}</figcaption>
        </figure>
      </div>
      <div class="row scrubber">
        <PlayButton
          playing={head.playing}
          labels={{ play: t.value.noising.playSampling, pause: t.value.noising.pauseSampling }}
          testid={`${testid}-play`}
          size={18}
          disabled={!way}
          onClick={head.toggle}
        />
        <label class="scrub">
          <span class="muted">{t.value.noising.noise}</span>
          <input
            type="range"
            min={0}
            max={last}
            step={1}
            value={station}
            disabled={!way}
            aria-label={t.value.noising.progress}
            aria-valuetext={way ? timeText(way, progress.value) : ''}
            data-testid={`${testid}-scrub`}
            onInput={(event) => head.hold(Number(event.currentTarget.value) / last)}
          />
          <span class="muted">{text.picture}</span>
        </label>
      </div>
      <p class="tabular way-where" data-testid={`${testid}-where`}>
        {way ? timeText(way, progress.value) : ' '}
      </p>
    </div>
  );
}

/** Where on its way a picture stands: calls made, and k or τ. */
export function timeText(way: Way, progress: number): string {
  const { call, time } = way.stations[stationAt(way, progress)];
  const { diffusionSteps, method } = way.painter;
  const where =
    diffusionSteps > 0
      ? `k = ${Math.round(time * diffusionSteps)}`
      : method === 'l2'
        ? ''
        : `τ = ${time.toFixed(2)}`;
  return [p.value.callsMade(call, way.calls), where].filter((part) => part !== '').join(' · ');
}
