import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { drawCaption, drawCat, sampleCat } from '../../../demos/cats/index.ts';
import { ForwardProcess } from '../../../policies/lesson/forward.ts';
import { fromPixels } from '../../../policies/pixels.ts';
import { Random } from '../../../policies/random.ts';
import { Icon } from '../../shared/widgets/icon.tsx';
import { PlayButton } from '../../shared/widgets/play-button.tsx';
import { RangeField } from '../../shared/widgets/range-field.tsx';
import { t } from '../../texts.ts';
import { PixelCanvas } from './pixel-canvas.tsx';
import { p } from './texts.ts';

/** K of the diffusion on pictures. */
const STEPS = 1000;
/** Pixels a side. */
const SIZE = 64;
/** A film of all k takes this long, ms. */
const FILM = 8000;
/** The steps of which the lesson speaks. */
const MARKS = [0, 100, 500, 999] as const;
/** The cats shown here come from a stream of their own: of no training's. */
const STREAM = 301;

/** The forward process on a cat, k by k: nothing is learnt, nothing asked of a server. */
export function NoisingSection() {
  const text = p.value;
  return (
    <section class="pictures-section" aria-labelledby="noising-title">
      <h2 id="noising-title">{text.noisingTitle}</h2>
      <p class="lead">{text.noisingLead}</p>
      <Noising />
    </section>
  );
}

function Noising() {
  const seed = useSignal(0);
  const noise = useSignal(0);
  const k = useSignal(500);
  const playing = useSignal(false);
  const { picture, caption } = useMemo(() => catOf(seed.value), [seed.value]);
  const forward = useMemo(
    () => new ForwardProcess(picture, { steps: STEPS, seed: noise.value }),
    [picture, noise.value],
  );
  const marks = useMemo(() => MARKS.map((at) => fromPixels(forward.at(at).values)), [forward]);
  const on = playing.value;
  useEffect(() => {
    if (!on) return undefined;
    const from = k.peek() < STEPS ? k.peek() : 0;
    let began: number | null = null;
    let request = requestAnimationFrame(function step(now) {
      // It may have been held since this frame was asked for.
      if (!playing.peek()) return;
      began ??= now;
      k.value = Math.min(STEPS, Math.round(from + (STEPS * (now - began)) / FILM));
      if (k.value < STEPS) request = requestAnimationFrame(step);
      else playing.value = false;
    });
    return () => cancelAnimationFrame(request);
  }, [on, k, playing]);

  const text = p.value;
  const { values, alphaBar, signalToNoise } = forward.at(k.value);
  const hold = (at: number) => {
    playing.value = false;
    k.value = at;
  };
  return (
    <div class="picture-card noising-cat">
      <figure class="noised-picture">
        <PixelCanvas
          rgb={fromPixels(values)}
          size={SIZE}
          label={text.noisedLabel(caption, k.value)}
          testid="cat-noised"
        />
        <figcaption class="tabular">
          x<sub>{k.value}</sub>
        </figcaption>
      </figure>
      <div class="stack">
        <p class="formula">
          <span>
            x<sub>k</sub> = √ᾱ<sub>k</sub> · x<sub>0</sub> + √(1−ᾱ<sub>k</sub>) · ε
          </span>
        </p>
        <div class="row">
          <PlayButton
            playing={on}
            labels={{ play: text.playNoise, pause: text.holdNoise }}
            testid="cat-noise-play"
            size={18}
            onClick={() => {
              playing.value = !on;
            }}
          />
          <RangeField
            label={t.value.noising.diffusionStep}
            value={k.value}
            min={0}
            max={STEPS}
            show={(value) => `k = ${value} / ${STEPS}`}
            onChange={hold}
            testid="cat-noise-k"
          />
        </div>
        <dl class="picture-facts tabular">
          <div>
            <dt>ᾱₖ</dt>
            <dd data-testid="cat-noise-alpha">{alphaBar.toPrecision(3)}</dd>
          </div>
          <div>
            <dt>{t.value.noising.signalToNoise}</dt>
            <dd>{decibels(signalToNoise)}</dd>
          </div>
        </dl>
        <div class="noise-marks">
          {MARKS.map((at, i) => (
            <button
              key={at}
              type="button"
              class="picture-button"
              aria-pressed={k.value === at}
              data-testid={`cat-noise-mark-${at}`}
              onClick={() => hold(at)}
            >
              <PixelCanvas rgb={marks[i]} size={SIZE} label={null} />
              <span class="tabular">
                x<sub>{at}</sub>
              </span>
              <span class="hint">{text.marks[at]}</span>
            </button>
          ))}
        </div>
        <div class="row wrap">
          <button
            type="button"
            data-testid="cat-other"
            onClick={() => {
              seed.value++;
            }}
          >
            <Icon name="again" size={16} />
            {text.otherCat}
          </button>
          <button
            type="button"
            onClick={() => {
              noise.value++;
            }}
          >
            <Icon name="again" size={16} />
            {t.value.noising.otherNoise}
          </button>
          <span class="hint" data-testid="cat-caption">
            {text.shownCat(caption)}
          </span>
        </div>
      </div>
    </div>
  );
}

function catOf(seed: number): { picture: Float32Array; caption: string } {
  const random = Random.of(seed, STREAM);
  const cat = sampleCat(random);
  return { picture: drawCat(cat, SIZE), caption: drawCaption(random, cat) };
}

function decibels(ratio: number): string {
  if (!Number.isFinite(ratio)) return '∞ dB';
  return `${(10 * Math.log10(ratio)).toFixed(1).replace('-', '−')} dB`;
}
