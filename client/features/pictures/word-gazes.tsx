import { useEffect, useRef } from 'preact/hooks';
import { formatPercent } from '../../shared/widgets/format.ts';
import { p } from './texts.ts';
import { type GazedWord, type Station, shareOf, type Way } from './way.ts';

/** Pixels along an edge of a word's picture. */
const SIDE = 128;

/** Word by word, where the picture's places look at it, over what the picture is going to be. */
export function WordGazes({ way, station, at }: { way: Way; station: number; at: string }) {
  const text = p.value;
  return (
    <div class="stack word-gazes">
      <h3>{text.gazesTitle}</h3>
      <p class="hint">{text.gazesHint}</p>
      <ul class="gazes">
        {way.words.map((word, i) => (
          <li key={`${i} ${word.word}`}>
            <Gaze way={way} word={word} station={station} at={at} />
          </li>
        ))}
      </ul>
    </div>
  );
}

function Gaze({
  way,
  word,
  station,
  at,
}: {
  way: Way;
  word: GazedWord;
  station: number;
  at: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const gaze = word.gazes[station];
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (context) paint(context, way, way.stations[station], { ...word, gaze });
  }, [way, word, station]);
  const share = formatPercent(shareOf(gaze));
  return (
    <figure class="gaze" data-testid="gaze" data-word={word.word}>
      <canvas
        ref={canvas}
        width={SIDE}
        height={SIDE}
        role="img"
        aria-label={p.value.gazeLabel(word.word, share, at)}
      />
      <figcaption>
        <b lang="en">{word.word}</b>
        <span class="tabular hint">{share}</span>
      </figcaption>
    </figure>
  );
}

/** The picture in dark grey, and on it in amber how much each place looks at the word. */
function paint(
  context: CanvasRenderingContext2D,
  { size, side }: Way,
  { estimate }: Station,
  { gaze, least, most }: Pick<GazedWord, 'least' | 'most'> & { readonly gaze: Float32Array },
): void {
  const reach = Math.max(most - least, 1e-6);
  const image = context.createImageData(SIDE, SIDE);
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const from = 3 * (Math.floor((y * size) / SIDE) * size + Math.floor((x * size) / SIDE));
      const grey = 0.3 * estimate[from] + 0.59 * estimate[from + 1] + 0.11 * estimate[from + 2];
      const looked = between(gaze, side, ((x + 0.5) * side) / SIDE, ((y + 0.5) * side) / SIDE);
      const heat = (looked - least) / reach;
      const to = 4 * (y * SIDE + x);
      for (let c = 0; c < 3; c++) {
        image.data[to + c] =
          DARK * grey * (1 - heat) + HEAT[c] * heat * (0.55 + (0.45 * grey) / 255);
      }
      image.data[to + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
}

/** What is left of the picture's light where nothing looks. */
const DARK = 0.5;
const HEAT = [255, 190, 60] as const;

/** A gaze between the middles of its places, so that its grid is not taken for a contour. */
function between(gaze: Float32Array, side: number, x: number, y: number): number {
  const at = (column: number, row: number) => {
    const inside = (place: number) => Math.min(side - 1, Math.max(0, place));
    return gaze[inside(row) * side + inside(column)];
  };
  const [left, top] = [Math.floor(x - 0.5), Math.floor(y - 0.5)];
  const [u, v] = [x - 0.5 - left, y - 0.5 - top];
  return (
    (1 - v) * ((1 - u) * at(left, top) + u * at(left + 1, top)) +
    v * ((1 - u) * at(left, top + 1) + u * at(left + 1, top + 1))
  );
}
