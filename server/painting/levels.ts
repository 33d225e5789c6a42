import { sampleExamples } from '../../demos/cats/index.ts';
import type { Engine } from '../../policies/engine/types.ts';
import {
  createPictureNetwork,
  pictureShape,
  type TrainedPainter,
} from '../../policies/pictures/spec.ts';
import { pictureWindows } from '../../policies/pictures/train.ts';
import type { PretrainedEncoder } from '../../policies/text/encoder.ts';
import { Reader } from '../../policies/text/reader.ts';
import type { PictureLevels } from '../protocol/pictures.ts';
import { lossByLevel } from '../training/noise-levels.ts';
import { sizeOfPainter } from './sizes.ts';

/** Cats that are noised, of a seed that trainings do not have by default. */
const CATS = 64;
const SEED = 2_000_003;
const BATCH = 16;
const BATCHES = 4;

/**
 * A painter's loss by noise level, on cats it has not learnt from.
 *
 * @param before awaited before each network evaluation; what it throws ends the measuring
 * @throws ProtocolError 'conflict' for a regression, which noises nothing
 * @cost 64 pictures through the network a bin
 */
export async function pictureLevels(
  engine: Engine,
  {
    name,
    painter,
    pretrained,
  }: {
    readonly name: string;
    readonly painter: TrainedPainter;
    readonly pretrained?: PretrainedEncoder | undefined;
  },
  bins: number,
  before: () => Promise<void>,
): Promise<PictureLevels> {
  const { spec, weights } = painter;
  const examples = sampleExamples({ seed: SEED, count: CATS, size: sizeOfPainter(spec) });
  const windows = await pictureWindows(
    examples,
    await Reader.create(spec.caption.text, pretrained),
  );
  const learner = {
    network: createPictureNetwork(spec),
    shape: pictureShape(spec),
    objective: spec.objective,
    weights,
  };
  const {
    objective,
    draws,
    bins: measured,
  } = await lossByLevel(engine, learner, windows, {
    bins,
    batch: BATCH,
    batches: BATCHES,
    before,
  });
  return { painter: name, objective, draws, bins: measured };
}
