import { z } from 'zod';
import { explainIssues } from '../../policies/config/index.ts';
import { type EpisodeFacts, encodeFacts, factsSchema } from './facts.ts';

/** Longest text that is parsed, characters; what is written here has a thousand. */
const MOST = 16_384;
const FORMAT = 1;

const envelopeSchema = z.strictObject({ format: z.literal(FORMAT), episode: factsSchema });

/** An episode's facts as a text of their own. */
export function encodeEnvelope(facts: EpisodeFacts): string {
  return `{"format":${FORMAT},"episode":${encodeFacts(facts)}}`;
}

/** The facts; or, of any text that `encodeEnvelope` would not write, what is wrong with it. */
export type Envelope =
  | { readonly facts: EpisodeFacts; readonly wrong: null }
  | { readonly facts: null; readonly wrong: string };

export function parseEnvelope(text: string): Envelope {
  if (text.length > MOST) return { facts: null, wrong: `${text.length} characters` };
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // Whoever wrote it meant something else by it.
    return { facts: null, wrong: 'no JSON' };
  }
  const { data, error } = envelopeSchema.safeParse(json);
  return data ? { facts: data.episode, wrong: null } : { facts: null, wrong: explainIssues(error) };
}
