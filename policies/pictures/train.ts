import type { PictureSpec } from '../config/picture.ts';
import type { Engine } from '../engine/types.ts';
import type { PretrainedEncoder } from '../text/encoder.ts';
import { Reader } from '../text/reader.ts';
import { createObjective } from '../training/objective.ts';
import { Trainer, type TrainerConfig, type TrainingState } from '../training/trainer.ts';
import type { RenewedWindows } from '../training/window-sets.ts';
import type { TrainingWindows, WindowTexts } from '../training/windows.ts';
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
): Promise<TrainingWindows & { readonly text: WindowTexts }> {
  return {
    count: captions.length,
    observations: new Float32Array(0),
    chunks: pictures,
    text: await captionTexts(captions, reader),
  };
}

/**
 * Captions as the texts of training windows, each different one once.
 *
 * @throws InstructionError for a caption that is too long
 */
export async function captionTexts(
  captions: readonly string[],
  reader: Reader,
): Promise<WindowTexts> {
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
  return { rows, of, silence: reader.silence };
}

/** Examples in whose place others come once all of them have been seen so often. */
export interface RenewedExamples {
  /** Examples of a set. */
  readonly count: number;
  /** How often each is seen. */
  readonly epochs: number;
  /** Examples of an endless list, `count` of them, always the same ones, from a number on. */
  from(first: number): Examples;
}

/** What a painter's training begins with. */
export interface PainterTraining {
  readonly config: TrainerConfig;
  /** Where to continue; a new one where it is left out. */
  readonly state?: TrainingState | undefined;
}

/**
 * Trains a painter as a robot's policy is trained: only the windows and the network differ.
 *
 * @param pretrained for one that reads with an encoder from outside
 * @throws InstructionError for a caption that is too long
 * @cost 3 to 9 s; 1 s from a program that is kept
 */
export async function trainPainter(
  engine: Engine,
  spec: PictureSpec,
  examples: Examples | RenewedExamples,
  training: PainterTraining,
  pretrained?: PretrainedEncoder,
): Promise<Trainer> {
  const reader = await Reader.create(spec.caption.text, pretrained);
  const windows =
    'from' in examples
      ? {
          count: examples.count,
          epochs: examples.epochs,
          set: (n: number) => pictureWindows(examples.from(n * examples.count), reader),
        }
      : await pictureWindows(examples, reader);
  return trainOnWindows(engine, spec, windows, training);
}

/** The same from windows that are there already: a reflow's pairs. */
export function trainOnWindows(
  engine: Engine,
  spec: PictureSpec,
  windows: TrainingWindows | RenewedWindows,
  { config, state }: PainterTraining,
): Promise<Trainer> {
  return Trainer.create({
    engine,
    network: createPictureNetwork(spec),
    shape: pictureShape(spec),
    objective: createObjective(spec.objective),
    windows,
    config,
    ...(state && { state }),
    key: JSON.stringify(spec),
  });
}
