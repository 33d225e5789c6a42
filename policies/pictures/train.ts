import type { PictureSpec } from '../config/picture.ts';
import type { Engine } from '../engine/types.ts';
import { Reader } from '../text/reader.ts';
import { createObjective } from '../training/objective.ts';
import { Trainer, type TrainerConfig, type TrainingState } from '../training/trainer.ts';
import type { TrainingWindows } from '../training/windows.ts';
import { createPictureNetwork, pictureShape } from './spec.ts';

/** Pictures to learn from, each with a caption that is true of it. */
export interface Examples {
  /** [n, size, size, 3] in ±1 */
  readonly pictures: Float32Array;
  readonly captions: readonly string[];
}

/**
 * Pictures as training windows, which observe nothing and are told their captions.
 *
 * @throws InstructionError for a caption that is too long
 */
export async function pictureWindows(
  { pictures, captions }: Examples,
  reader: Reader,
): Promise<TrainingWindows> {
  const places = new Map<string, number>();
  const rows: Float32Array[] = [];
  const of = new Uint32Array(captions.length);
  for (const [i, caption] of captions.entries()) {
    let place = places.get(caption);
    if (place === undefined) {
      place = rows.push((await reader.read(caption)).row) - 1;
      places.set(caption, place);
    }
    of[i] = place;
  }
  return {
    count: captions.length,
    observations: new Float32Array(0),
    chunks: pictures,
    text: { rows, of, silence: reader.silence },
  };
}

/**
 * Trains a painter as a robot's policy is trained: only the windows and the network differ.
 *
 * @param state where to continue; a new one where it is left out
 * @cost 3 to 9 s
 */
export async function trainPainter(
  engine: Engine,
  spec: PictureSpec,
  examples: Examples,
  { config, state }: { config: TrainerConfig; state?: TrainingState | undefined },
): Promise<Trainer> {
  return Trainer.create({
    engine,
    network: createPictureNetwork(spec),
    shape: pictureShape(spec),
    objective: createObjective(spec.objective),
    windows: await pictureWindows(examples, await Reader.create(spec.caption.text)),
    config,
    ...(state && { state }),
  });
}
