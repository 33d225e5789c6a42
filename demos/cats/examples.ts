import { Random } from '../../policies/random.ts';
import { drawCaption } from './captions.ts';
import { type Cat, sampleCat } from './cat.ts';
import { drawCat, type PictureSize } from './draw.ts';

/** The streams of a seed that training data come from. */
const EXAMPLES = 201;

/** Cats of combinations that training may see, with a caption each that is true of them. */
export interface CatExamples {
  /** f32 [n, size, size, 3] in ±1 */
  readonly pictures: Float32Array;
  readonly captions: readonly string[];
}

export interface CatSample {
  readonly seed: number;
  readonly count: number;
  readonly size: PictureSize;
  /** What is drawn of a cat that was sampled; what its caption says must stay. @default the cat */
  readonly as?: (cat: Cat) => Cat;
}

/**
 * The training data of a seed. More of them begin with those of fewer.
 *
 * @param onDrawn told how many are drawn
 */
export function sampleExamples(
  { seed, count, size, as = (cat) => cat }: CatSample,
  onDrawn: (count: number) => void = () => {},
): CatExamples {
  const numbers = 3 * size * size;
  const pictures = new Float32Array(count * numbers);
  const captions: string[] = [];
  for (let i = 0; i < count; i++) {
    const random = Random.of(seed, EXAMPLES, i);
    const cat = as(sampleCat(random));
    pictures.set(drawCat(cat, size), i * numbers);
    captions.push(drawCaption(random, cat));
    onDrawn(i + 1);
  }
  return { pictures, captions };
}
