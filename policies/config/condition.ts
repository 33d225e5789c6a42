import { z } from 'zod';

/** Share of training windows whose instruction is silenced, so that guidance has a without. */
const dropRateSchema = z.number().min(0).max(0.9);
/** L: tokens of the longest instruction, the starting one included. */
const tokensSchema = z.int().min(1).max(64);

const sha256Schema = z.string().regex(/^[0-9a-f]{64}$/, 'expected a sha-256 in hexadecimal');

/** How instructions become vectors. */
export const textSchema = z.discriminatedUnion('encoder', [
  /** By a transformer that is trained with the policy. */
  z.strictObject({
    encoder: z.literal('learned'),
    /** Words it knows. */
    vocabulary: z
      .array(z.string().min(1).max(40))
      .min(1)
      .max(4096)
      .refine((words) => new Set(words).size === words.length, 'expected each word once'),
    tokens: tokensSchema,
    /** Layers of self-attention. */
    layers: z.int().min(1).max(8),
    dropRate: dropRateSchema,
  }),
  /** By an encoder that has been trained elsewhere and stays as it is. */
  z.strictObject({
    encoder: z.literal('pretrained'),
    /** What its file was called, so that one knows which to bring. */
    name: z.string().min(1).max(200),
    /** Digest of its file: another file gives other vectors. */
    model: sha256Schema,
    /** Digest of its tokenizer's file. */
    tokenizer: sha256Schema,
    tokens: tokensSchema,
    /** F: size of its vectors. */
    features: z.int().min(1).max(4096),
    dropRate: dropRateSchema,
  }),
]);

/** What a camera's picture becomes. */
export const imageSchema = z.strictObject({
  /** Pixels a side. */
  size: z
    .int()
    .min(32)
    .max(256)
    .refine((size) => size % 4 === 0, 'expected a multiple of 4'),
  /** Of the convolutions. */
  channels: z.int().min(4).max(256),
  /** Places in the picture that are found: a token each. */
  points: z.int().min(1).max(128),
});

/** What cross-attention in the network reads. */
export const conditionSchema = z
  .strictObject({
    /** Size of a token's vector, and of queries, keys and values. */
    width: z.int().min(8).max(512),
    heads: z.int().min(1).max(16),
    /** Layers of self-attention over the tokens of the whole observation. */
    fusion: z.int().min(0).max(8),
    text: textSchema,
    /** What the numbers of one control step's observation are of, in their order: a token each. */
    observed: z
      .array(z.strictObject({ name: z.string().min(1).max(40), size: z.int().min(1).max(256) }))
      .min(1)
      .max(64)
      .refine(
        (things) => new Set(things.map(({ name }) => name)).size === things.length,
        'expected each name once',
      ),
    /**
     * A camera's picture. A policy with one is not told where objects are: of the numbers it sees
     * only `observation.state`.
     */
    image: imageSchema.exactOptional(),
  })
  .refine(({ width, heads }) => width % heads === 0, {
    path: ['heads'],
    message: 'expected a divisor of the width',
  });

export type ImageSpec = z.infer<typeof imageSchema>;
export type TextSpec = z.infer<typeof textSchema>;
export type PretrainedText = Extract<TextSpec, { encoder: 'pretrained' }>;
export type ConditionSpec = z.infer<typeof conditionSchema>;
