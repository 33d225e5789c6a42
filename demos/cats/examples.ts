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
  /** Number of the first of them. @default 0 */
  readonly first?: number;
  readonly count: number;
  readonly size: PictureSize;
  /** What is drawn of a cat that was sampled; what its caption says must stay. @default the cat */
  readonly as?: (cat: Cat) => Cat;
}

/**
 * Examples of the endless list that a seed has.
 *
 * @cost 0.7 ms each
 */
export function sampleExamples({
  seed,
  first = 0,
  count,
  size,
  as = (cat) => cat,
}: CatSample): CatExamples {
  const numbers = 3 * size * size;
  const pictures = new Float32Array(count * numbers);
  const captions: string[] = [];
  for (let i = 0; i < count; i++) {
    const random = Random.of(seed, EXAMPLES, first + i);
    const cat = as(sampleCat(random));
    pictures.set(drawCat(cat, size), i * numbers);
    captions.push(drawCaption(random, cat));
  }
  return { pictures, captions };
}
