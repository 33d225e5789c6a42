import { z } from 'zod';
import { nameSchema } from '../../policies/config/index.ts';
import type { SamplerKind } from '../../policies/config/sampler.ts';
import type { MethodName } from '../../policies/methods/index.ts';
import type { NoiseBin } from './lesson.ts';
import { LIMITS } from './limits.ts';

const captionSchema = z.string().max(LIMITS.instruction);

/** A picture that is wanted. */
const wantedPictureSchema = z.strictObject({
  caption: captionSchema,
  /** Of the noise it comes out of: the same noise for every painter of its size. */
  seed: z.int().min(0).max(LIMITS.seed),
  /** w of classifier-free guidance. */
  guidance: z.number().min(0).max(LIMITS.guidance).default(1),
  /** Another caption, and how far the picture is on the way to it, 0 … 1. */
  towards: z.strictObject({ caption: captionSchema, share: z.number().min(0).max(1) }).optional(),
});

export const drawRequestSchema = z
  .strictObject({
    painter: nameSchema,
    pictures: z.array(wantedPictureSchema).min(1).max(LIMITS.pictures.drawn),
    /** @default the painter's usual one */
    sampler: z.string().max(32).optional(),
    /** Network evaluations a picture, guidance aside. */
    calls: z.int().min(1).max(LIMITS.pictures.calls).optional(),
    /** Tells how the picture came out of noise, and where its words were looked at: for one alone. */
    keep: z.boolean().default(false),
  })
  .refine(({ keep, pictures }) => !keep || pictures.length === 1, {
    path: ['keep'],
    message: 'expected one picture where its way is kept',
  });

export type DrawRequest = z.infer<typeof drawRequestSchema>;

export const pictureLevelsRequestSchema = z.strictObject({
  painter: nameSchema,
  /** Equal parts of the way from data to noise. */
  bins: z.int().min(2).max(LIMITS.noiseBins).default(10),
});

export type PictureLevelsRequest = z.infer<typeof pictureLevelsRequestSchema>;

/** What draws pictures on this server, and what can be asked of it. */
export interface PainterInfo {
  readonly name: string;
  readonly method: MethodName;
  /** Pixels a side. */
  readonly size: number;
  /** Learnt numbers, optimiser steps they were learnt in, and pictures they were learnt from. */
  readonly parameters: number;
  readonly steps: number;
  readonly cats: number;
  /** K; 0 where times are τ, or where nothing is noised. */
  readonly diffusionSteps: number;
  /** The usual one first, with the numbers of network evaluations it can do. */
  readonly samplers: readonly PainterSampler[];
  /** w that it has learnt to draw with, and no other; null where each picture may have its own. */
  readonly builtInGuidance: number | null;
  /** Words it has learnt, and how many a caption has at most. */
  readonly vocabulary: readonly string[];
  readonly words: number;
}

export interface PainterSampler {
  readonly kind: SamplerKind;
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

/** What there is to draw with; what cannot be read is told of. */
export interface Painters {
  readonly painters: readonly PainterInfo[];
  readonly damaged: readonly { readonly name: string; readonly message: string }[];
}

/** Pictures, and of one how it came out of noise. */
export interface DrawnPictures<Bytes = ArrayBuffer> {
  /** Pixels a side. */
  readonly size: number;
  /** [pictures, size, size, 3] bytes */
  readonly pictures: Bytes;
  /** Network evaluations a picture, each of them one for every text where guidance compares two. */
  readonly calls: number;
  /** All of them together, ms. */
  readonly ms: number;
  /** Words of the first caption that say nothing: they were never learnt. */
  readonly unknown: readonly string[];
  /** Null unless asked for. */
  readonly way: PictureWay<Bytes> | null;
}

/** From noise to the picture; not every evaluation where there are many. */
export interface PictureWay<Bytes = ArrayBuffer> {
  /** Evaluations before each station, and its diffusion step k/K or flow time τ. The last is the end. */
  readonly stations: readonly { readonly call: number; readonly time: number }[];
  /** [stations, size, size, 3] bytes: the picture as it stands. */
  readonly noised: Bytes;
  /** [stations, size, size, 3] bytes: what the network says that it will be. */
  readonly estimates: Bytes;
  /** The caption's words as attention has them, the starting token first. */
  readonly tokens: readonly string[];
  /** Places along an edge of what follows. */
  readonly side: number;
  /** [stations − 1, tokens, side, side] f32: over the tokens, the weights of a place sum to 1. */
  readonly gaze: Bytes;
}

/** A painter's loss by noise level, on pictures of its training's kind that it has not seen. */
export interface PictureLevels {
  readonly painter: string;
  readonly objective: 'diffusion' | 'flow';
  /** Pictures at each level. */
  readonly draws: number;
  /** From data to noise. */
  readonly bins: readonly NoiseBin[];
}
