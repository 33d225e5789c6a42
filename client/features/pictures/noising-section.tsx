import { useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { drawCaption, drawCat, sampleCat } from '../../../demos/cats/index.ts';
import { ForwardProcess } from '../../../policies/lesson/forward.ts';
import { fromPixels } from '../../../policies/pixels.ts';
import { Random } from '../../../policies/random.ts';
import { ForwardFacts, ForwardSteps } from '../../shared/widgets/forward-steps.tsx';
import { Icon } from '../../shared/widgets/icon.tsx';
import { usePlayhead } from '../../shared/work/playhead.ts';
import { t } from '../../texts.ts';
import { PixelCanvas } from './pixel-canvas.tsx';
import { p } from './texts.ts';

/** K of the diffusion on pictures. */
const STEPS = 1000;
/** Pixels a side. */
const SIZE = 64;
const FILM = { milliseconds: 8000, end: STEPS, whole: true };
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
  const head = usePlayhead(k, FILM);
  const { picture, caption } = useMemo(() => catOf(seed.value), [seed.value]);
  const forward = useMemo(
    () => new ForwardProcess(picture, { steps: STEPS, seed: noise.value }),
    [picture, noise.value],
  );
  const marks = useMemo(() => MARKS.map((mark) => fromPixels(forward.at(mark).values)), [forward]);
  const text = p.value;
  const { values, ...facts } = forward.at(k.value);
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
          <ForwardSteps head={head} k={k.value} steps={STEPS} testid="cat-noise" />
        </div>
        <ForwardFacts {...facts} class="picture-facts" testid="cat-noise" />
        <div class="noise-marks">
          {MARKS.map((mark, i) => (
            <button
              key={mark}
              type="button"
              class="picture-button"
              aria-pressed={k.value === mark}
              data-testid={`cat-noise-mark-${mark}`}
              onClick={() => head.hold(mark)}
            >
              <PixelCanvas rgb={marks[i]} size={SIZE} label={null} />
              <span class="tabular">
                x<sub>{mark}</sub>
              </span>
              <span class="hint">{text.marks[mark]}</span>
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
