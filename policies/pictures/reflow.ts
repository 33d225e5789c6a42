import { SpecError } from '../config/error.ts';
import type { PictureSpec } from '../config/picture.ts';
import type { Engine } from '../engine/types.ts';
import { REFLOW } from '../methods/reflow.ts';
import { Random } from '../random.ts';
import type { PretrainedEncoder } from '../text/encoder.ts';
import { Reader } from '../text/reader.ts';
import { STREAM } from '../training/data-order.ts';
import { reflowWindows } from '../training/reflow.ts';
import type { TrainingWindows } from '../training/windows.ts';
import { createPictureNetwork, pictureShape, type TrainedPainter } from './spec.ts';
import { captionTexts } from './train.ts';

/** Pictures drawn at once. */
const BATCH = 32;

export interface PairOptions {
  readonly seed: number;
  /**
   * Scale of the teacher's guidance, which the student learns as it is: it goes without a second answer
   * in the end, and cannot be guided any more. @default 1
   */
  readonly guidance?: number;
  /** For a teacher that reads with an encoder from outside. */
  readonly pretrained?: PretrainedEncoder | undefined;
  /** Asked between batches, with the share that is done; the drawing ends where it says no. */
  readonly goOn?: (share: number) => Promise<boolean>;
}

/**
 * What learns from a flow's own pairs: its network, which begins with the flow's weights. Captions are
 * left out when the pairs are drawn, not in training: what is drawn without one is a pair of its own.
 *
 * @throws SpecError for a teacher that is no flow, whose pictures do not follow from their noise
 */
export function reflowSpec(teacher: PictureSpec): PictureSpec {
  const { objective, caption } = teacher;
  if (objective.kind !== 'flow') {
    throw new SpecError(
      `teacher: expected a flow, whose pictures follow from their noise, got ${objective.kind}`,
    );
  }
  const text = { ...caption.text, dropRate: 0 };
  return { ...teacher, objective: REFLOW.objective, caption: { ...caption, text } };
}

/**
 * The pairs of noise and picture that a flow makes of captions; some of them, as many as it was trained
 * without, made of none.
 *
 * @returns null where `goOn` said no
 * @throws InstructionError for a caption that is too long
 * @cost NFE 10 a caption, twice that with guidance; 96 kB a caption at 64 × 64
 */
export async function reflowPairs(
  engine: Engine,
  { spec, weights }: TrainedPainter,
  captions: readonly string[],
  { seed, guidance = 1, pretrained, goOn }: PairOptions,
): Promise<TrainingWindows | null> {
  const { text } = spec.caption;
  const reader = await Reader.create(text, pretrained);
  const random = Random.of(seed, STREAM.drop);
  const told = captions.map((caption) => (random.uniform() < text.dropRate ? '' : caption));
  return reflowWindows(
    engine,
    {
      network: createPictureNetwork(spec),
      shape: pictureShape(spec),
      weights,
      guidance: { scale: guidance, silence: reader.silence },
    },
    {
      count: told.length,
      observations: new Float32Array(0),
      text: await captionTexts(told, reader),
    },
    { seed, pairs: 1, batch: BATCH, ...(goOn && { goOn }) },
  );
}
