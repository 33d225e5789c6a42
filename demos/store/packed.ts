/** Demonstrations as text, for where they are carried rather than kept: what is unpacked is the same to the bit. */
import { z } from 'zod';
import { explainIssues } from '../../policies/config/index.ts';
import type { Demonstration } from '../demonstration.ts';
import { DatasetError } from './errors.ts';
import { encodeFacts, factsSchema, MOST_FRAMES } from './facts.ts';

const FRAMES = ['state', 'environment', 'action', 'command'] as const;
/** Numbers of a frame, of any of them: of the environment a few an object. */
const MOST_WIDTH = 256;
const MOST_FACTS = 20_000;

const base64 = z.base64().max(Math.ceil((4 * 4 * MOST_WIDTH * MOST_FRAMES) / 3) + 4);

export const packedSchema = z.strictObject({
  /** As JSON, exact. */
  facts: z.string().max(MOST_FACTS),
  /** f32, little-endian, in base64. */
  frames: z.strictObject({ state: base64, environment: base64, action: base64, command: base64 }),
});

export type PackedDemonstration = z.infer<typeof packedSchema>;

/** @param demonstration shown by its demonstrator from the beginning */
export function packDemonstration(demonstration: Demonstration): PackedDemonstration {
  const text = (name: (typeof FRAMES)[number]) => encodeFloats(demonstration[name]);
  return {
    facts: encodeFacts(demonstration),
    frames: {
      state: text('state'),
      environment: text('environment'),
      action: text('action'),
      command: text('command'),
    },
  };
}

/**
 * Whether it can be stored is for `checkDemonstration` to say.
 *
 * @throws DatasetError 'invalid-demonstration' for what was not packed by `packDemonstration`
 */
export function unpackDemonstration({ facts, frames }: PackedDemonstration): Demonstration {
  let value: unknown;
  try {
    value = JSON.parse(facts);
  } catch (cause) {
    throw new DatasetError('invalid-demonstration', 'demonstration: expected JSON of its facts', {
      cause,
    });
  }
  const { data, error } = factsSchema.safeParse(value);
  if (!data) {
    throw new DatasetError(
      'invalid-demonstration',
      `demonstration: expected the facts of an episode, got ${explainIssues(error)}`,
    );
  }
  return {
    ...data,
    state: decodeFloats('state', frames.state),
    environment: decodeFloats('environment', frames.environment),
    action: decodeFloats('action', frames.action),
    command: decodeFloats('command', frames.command),
  };
}

function encodeFloats(values: Float32Array): string {
  const bytes = Buffer.alloc(4 * values.length);
  for (let i = 0; i < values.length; i++) bytes.writeFloatLE(values[i], 4 * i);
  return bytes.toString('base64');
}

function decodeFloats(name: string, text: string): Float32Array {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length % 4 === 0) {
    return Float32Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
  }
  throw new DatasetError(
    'invalid-demonstration',
    `demonstration: expected whole numbers of 4 bytes in ${name}, got ${bytes.length} bytes`,
  );
}
