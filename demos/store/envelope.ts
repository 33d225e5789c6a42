import { z } from 'zod';
import { type EpisodeFacts, encodeFacts, factsSchema } from './facts.ts';

/** Longest text that is parsed, characters; what is written here has a thousand. */
const MOST = 16_384;
const FORMAT = 1;

const envelopeSchema = z.strictObject({ format: z.literal(FORMAT), episode: factsSchema });

/** An episode's facts as a text of their own. */
export function encodeEnvelope(facts: EpisodeFacts): string {
  return `{"format":${FORMAT},"episode":${encodeFacts(facts)}}`;
}

/** @returns the facts; null for any text that `encodeEnvelope` would not write */
export function parseEnvelope(text: string): EpisodeFacts | null {
  if (text.length > MOST) return null;
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Whoever wrote it meant something else by it.
    return null;
  }
  return envelopeSchema.safeParse(json).data?.episode ?? null;
}
