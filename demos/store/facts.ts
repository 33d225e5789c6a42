import { z } from 'zod';
import { CONTROL_RATES, JOINT_COUNT } from '../../sim/index.ts';
import { REPLAY_HASH } from '../../sim/replay-hash.ts';
import { DEMONSTRATION_SOURCES, type Demonstration } from '../demonstration.ts';
import { stringifyExact } from './exact-json.ts';

/** What is known of an episode besides its frames. */
export type EpisodeFacts = Omit<
  Demonstration,
  'state' | 'environment' | 'action' | 'command' | 'intervention'
>;

/** Frames an episode may have: more than half an hour at 50 Hz, and it still fits in memory. */
export const MOST_FRAMES = 100_000;

const text = z.string().min(1).max(200);
const vec3 = z.tuple([z.number(), z.number(), z.number()]);

/** Refuses unknown keys (`__proto__` among them) and numbers that are not finite. */
export const factsSchema = z
  .strictObject({
    task: text,
    mode: text.nullable(),
    source: z.enum(DEMONSTRATION_SOURCES),
    seed: z.int().nullable(),
    controlHz: z.literal(CONTROL_RATES),
    initial: z.strictObject({
      joints: z.array(z.number()).length(JOINT_COUNT),
      gripperOpening: z.number(),
      objects: z.array(vec3).max(64),
      instruction: z.string().max(200).exactOptional(),
    }),
    success: z.boolean(),
    contact: z.boolean(),
    length: z.int().min(1).max(MOST_FRAMES),
    replayHash: z.string().regex(REPLAY_HASH).nullable(),
    physics: z.strictObject({ package: text, version: text }).nullable(),
  })
  .refine(({ replayHash, physics }) => (replayHash === null) === (physics === null), {
    message: 'expected a replay hash and the physics that gave it, or neither',
  }) satisfies z.ZodType<EpisodeFacts>;

/** The facts of a demonstration, in the schema's order and without what else it carries. */
export function factsOf(demonstration: EpisodeFacts): EpisodeFacts {
  const { task, mode, source, seed, controlHz, initial } = demonstration;
  const { success, contact, length, replayHash, physics } = demonstration;
  return {
    task,
    mode,
    source,
    seed,
    controlHz,
    initial: {
      joints: initial.joints,
      gripperOpening: initial.gripperOpening,
      objects: initial.objects,
      ...(initial.instruction !== undefined && { instruction: initial.instruction }),
    },
    success,
    contact,
    length,
    replayHash,
    physics: physics && { package: physics.package, version: physics.version },
  };
}

/** The same facts give the same text, and the text the same facts, bit for bit. */
export function encodeFacts(demonstration: EpisodeFacts): string {
  return stringifyExact(factsOf(demonstration));
}
