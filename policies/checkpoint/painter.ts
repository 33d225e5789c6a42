import { z } from 'zod';
import { methodNameSchema } from '../config/method-name.ts';
import { pictureSpecSchema } from '../config/picture.ts';
import { type TrainingSpec, trainingSpecSchema } from '../config/training.ts';
import { createPictureNetwork, type TrainedPainter } from '../pictures/spec.ts';
import type { TrainingState } from '../training/trainer.ts';
import { parse, parseState, stateTensors } from './metadata.ts';
import { CheckpointError, checkSeal, decodeSafetensors, encodeSealed } from './safetensors.ts';

/** Tells it from the checkpoint of a robot's policy. */
const FORMAT = 'pictures 1';

/** A painter's training as it stands. */
export interface PainterCheckpoint {
  readonly painter: TrainedPainter;
  readonly training: TrainingSpec;
  readonly state: TrainingState;
  /** Pictures it learns from at a time: so many of the seed of its training. */
  readonly cats: number;
  /** How often it sees each before others take their place. @default always the same ones */
  readonly renew?: number;
}

/** How many different pictures it has learnt from. */
export function picturesSeen({ training, state, cats, renew }: PainterCheckpoint): number {
  const seen = state.step * training.batch;
  const whole = renew === undefined ? 0 : Math.floor(seen / (cats * renew));
  return whole * cats + Math.min(cats, seen - whole * cats * (renew ?? 0));
}

/** With a digest, so that any change of the file shows. */
export function encodePainter({
  painter,
  training,
  state,
  cats,
  renew,
}: PainterCheckpoint): Uint8Array {
  const { method, spec } = painter;
  return encodeSealed({
    tensors: stateTensors(state),
    metadata: new Map([
      ['format', FORMAT],
      ['method', JSON.stringify(method)],
      ['spec', JSON.stringify(spec)],
      ['training', JSON.stringify(training)],
      ['cats', String(cats)],
      ...(renew === undefined ? [] : [['renew', String(renew)] as const]),
      ['step', String(state.step)],
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
  const state = parseState({ tensors, metadata }, createPictureNetwork(spec).table.size);
  const painter = { method, spec, weights: state.vectors.ema };
  return { painter, training, state, cats, ...(renew !== undefined && { renew }) };
}
