import { z } from 'zod';
import { methodNameSchema } from '../config/method-name.ts';
import { pictureSpecSchema } from '../config/picture.ts';
import { type TrainingSpec, trainingSpecSchema } from '../config/training.ts';
import { createPictureNetwork, type TrainedPainter } from '../pictures/spec.ts';
import type { TrainingState } from '../training/trainer.ts';
import { parse, parseState, parseVector, stateTensors } from './metadata.ts';
import { CheckpointError, checkSeal, decodeSafetensors, encodeSealed } from './safetensors.ts';

/** Tells it from the checkpoint of a robot's policy. */
const FORMAT = 'pictures 1';
/** The weights of a painter without its training. */
const ALONE = 'ema';

/** A painter, and its training as it stands. */
export interface PainterCheckpoint {
  readonly painter: TrainedPainter;
  readonly training: TrainingSpec;
  /** Steps made. */
  readonly step: number;
  /** After that step; null in a file of the painter alone, which draws and does not learn any more. */
  readonly state: TrainingState | null;
  /** Pictures it learns from at a time: so many of the seed of its training. */
  readonly cats: number;
  /** How often it sees each before others take their place. @default always the same ones */
  readonly renew?: number;
  /** Of a reflow: the weights' digest of the flow it learns from, and how that was guided. */
  readonly teacher?: z.infer<typeof teacherSchema>;
  /** Of one that ships: how it came to be. */
  readonly origin?: z.infer<typeof originSchema>;
}

const teacherSchema = z.strictObject({ digest: z.string().max(128), guidance: z.number().min(0) });

const originSchema = z.strictObject({
  command: z.string().max(1000),
  /** Of the program that trained it, and of what ran its network. */
  version: z.string().max(100),
  engine: z.string().max(200),
  /** Mean of the last steps. */
  loss: z.number().nullable(),
  /** Time of a step, s; null where none was made when it was written. */
  secondsPerStep: z.number().nullable(),
});

/** How many different pictures it has learnt from. */
export function picturesSeen({ training, step, cats, renew }: PainterCheckpoint): number {
  const seen = step * training.batch;
  const whole = renew === undefined ? 0 : Math.floor(seen / (cats * renew));
  return whole * cats + Math.min(cats, seen - whole * cats * (renew ?? 0));
}

/**
 * With a digest, so that any change of the file shows. A painter alone takes an eighth of what one with
 * its training does: its weights are rounded to bf16.
 */
export function encodePainter({
  painter,
  training,
  step,
  state,
  cats,
  renew,
  teacher,
  origin,
}: PainterCheckpoint): Uint8Array {
  const { method, spec, weights } = painter;
  const alone = { shape: [weights.length], data: weights, dtype: 'BF16' as const };
  return encodeSealed({
    tensors: state ? stateTensors(state) : new Map([[ALONE, alone]]),
    metadata: new Map([
      ['format', FORMAT],
      ['method', JSON.stringify(method)],
      ['spec', JSON.stringify(spec)],
      ['training', JSON.stringify(training)],
      ['cats', String(cats)],
      ...(renew === undefined ? [] : [['renew', String(renew)] as const]),
      ...(teacher === undefined ? [] : [['teacher', JSON.stringify(teacher)] as const]),
      ...(origin === undefined ? [] : [['origin', JSON.stringify(origin)] as const]),
      ['step', String(step)],
    ]),
  });
}

/** @throws CheckpointError for what is none, damaged, or a robot's policy */
export function decodePainter(bytes: Uint8Array): PainterCheckpoint {
  const { tensors, metadata } = decodeSafetensors(bytes);
  const format = metadata.get('format');
  if (format !== FORMAT) {
    throw new CheckpointError(
      `checkpoint: expected what draws pictures, format "${FORMAT}", got ` +
        `${metadata.has('policy') ? "a robot's policy" : `"${(format ?? 'none').slice(0, 40)}"`}; ` +
        'train one with: npm run -s fp -- pictures train',
    );
  }
  checkSeal(bytes, metadata);
  const method = parse(methodNameSchema, metadata, 'method');
  const spec = parse(pictureSpecSchema, metadata, 'spec');
  const training = parse(trainingSpecSchema, metadata, 'training');
  const cats = parse(z.int().min(1), metadata, 'cats');
  const renew = metadata.has('renew') ? parse(z.int().min(1), metadata, 'renew') : undefined;
  const teacher = metadata.has('teacher') ? parse(teacherSchema, metadata, 'teacher') : undefined;
  const origin = metadata.has('origin') ? parse(originSchema, metadata, 'origin') : undefined;
  const step = parse(z.int().min(0), metadata, 'step');
  const { size } = createPictureNetwork(spec).table;
  const isAlone = tensors.size === 1;
  const state = isAlone ? null : parseState({ tensors, metadata }, size);
  const weights = state ? state.vectors.ema : parseVector(tensors, ALONE, size);
  const painter = { method, spec, weights };
  return {
    ...{ painter, training, step, state, cats },
    ...(renew !== undefined && { renew }),
    ...(teacher && { teacher }),
    ...(origin && { origin }),
  };
}
