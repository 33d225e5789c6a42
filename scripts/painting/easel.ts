import type { CatScore, PictureSize } from '../../demos/cats/index.ts';
import type { Engine } from '../../policies/engine/index.ts';
import { Painter, type PainterOptions } from '../../policies/pictures/painter.ts';
import type { TrainedPainter } from '../../policies/pictures/spec.ts';
import { Random } from '../../policies/random.ts';
import type { Asked } from '../../server/painting/asked.ts';
import { type HatGaze, hatGazeOf, hatToken } from '../../server/painting/hat-gaze.ts';
import { readCats } from '../../server/painting/read-cats.ts';
import { percentiles } from '../../server/statistics/index.ts';

/** Pictures that are drawn at once. */
const BATCH = 16;
/** Pictures of which each is drawn alone, after one that is not counted. */
const ALONE = 9;
/** The stream of a seed that measured pictures' noise comes from. */
const NOISE = 206;

export interface DrawnBatch {
  /** [n, size, size, 3] */
  readonly pictures: Float32Array;
  /** Mean time of a picture among others, ms. */
  readonly ms: number;
  readonly nfe: number;
}

/**
 * Draws a picture of each caption.
 *
 * @param onDrawn told how many are drawn; what it throws ends the drawing
 */
export async function drawAll(
  engine: Engine,
  trained: TrainedPainter,
  captions: readonly string[],
  { seed, ...options }: PainterOptions & { seed: number },
  onDrawn: (count: number) => void,
): Promise<DrawnBatch> {
  const numbers = 3 * trained.spec.size ** 2;
  const painter = await Painter.prepare(engine, trained, BATCH, options);
  const pictures = new Float32Array(captions.length * numbers);
  let ms = 0;
  try {
    for (let from = 0; from < captions.length; from += BATCH) {
      const began = performance.now();
      const { chunk } = await painter.draw(captions.slice(from, from + BATCH), streams(seed, from));
      ms += performance.now() - began;
      const count = Math.min(BATCH, captions.length - from);
      pictures.set(chunk.subarray(0, count * numbers), from * numbers);
      onDrawn(from + count);
    }
    return { pictures, ms: ms / Math.ceil(captions.length / BATCH) / BATCH, nfe: painter.nfe };
  } finally {
    await painter.dispose();
  }
}

function streams(seed: number, from: number): Random[] {
  return Array.from({ length: BATCH }, (_, i) => Random.of(seed, NOISE, from + i));
}

/** Median time of a picture that is drawn alone, ms. */
export async function timeAlone(
  engine: Engine,
  trained: TrainedPainter,
  captions: readonly string[],
  { seed, ...options }: PainterOptions & { seed: number },
): Promise<number> {
  const painter = await Painter.prepare(engine, trained, 1, options);
  const times: number[] = [];
  try {
    for (let i = 0; i <= ALONE; i++) {
      const began = performance.now();
      await painter.draw([captions[i % captions.length]], [Random.of(seed, NOISE, i)]);
      if (i > 0) times.push(performance.now() - began);
    }
    return percentiles(times).p50;
  } finally {
    await painter.dispose();
  }
}

/** Pictures whose hats are looked at. */
const HATS = 128;

/** Where "hat" is looked at, in pictures that show one. */
export interface HatReport extends HatGaze {
  readonly pictures: number;
  /** Share of the pictures with twice the weight inside that is outside. */
  readonly twice: number;
}

/** @returns null where no picture shows a hat of which a caption spoke */
export async function lookAtHats(
  engine: Engine,
  trained: TrainedPainter,
  asked: readonly Asked[],
  { seed, ...options }: PainterOptions & { seed: number },
  onDrawn: (count: number) => void,
): Promise<HatReport | null> {
  const captions = asked
    .filter(({ caption, constraint }) => {
      return hatToken(caption) !== null && !constraint.hats.includes('none');
    })
    .slice(0, HATS)
    .map(({ caption }) => caption);
  const { spec } = trained;
  const size = spec.size as PictureSize;
  const painter = await Painter.prepare(engine, trained, BATCH, { ...options, attention: true });
  const gazes: HatGaze[] = [];
  try {
    for (let from = 0; from < captions.length; from += BATCH) {
      const some = captions.slice(from, from + BATCH);
      const { chunk, attention } = await painter.draw(some, streams(seed, from));
      const pictures = chunk.subarray(0, some.length * 3 * size * size);
      const scores: CatScore[] = await readCats({ size, pictures }, () => {});
      for (const [row, score] of scores.entries()) {
        const gaze = hatGazeOf(attention, row, { spec, caption: some[row], score });
        if (gaze) gazes.push(gaze);
      }
      onDrawn(from + some.length);
    }
  } finally {
    await painter.dispose();
  }
  if (gazes.length === 0) return null;
  const mean = (of: (gaze: HatGaze) => number) =>
    gazes.reduce((sum, gaze) => sum + of(gaze), 0) / gazes.length;
  return {
    pictures: gazes.length,
    inside: mean(({ inside }) => inside),
    outside: mean(({ outside }) => outside),
    twice: mean(({ inside, outside }) => Number(inside >= 2 * outside)),
  };
}
