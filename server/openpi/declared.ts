import { z } from 'zod';
import { explainIssues } from '../../policies/config/issues.ts';
import { CONTROL_RATES, TASKS } from '../../sim/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Value } from './codec.ts';
import { plainOf } from './fields.ts';

/** Longest plan a server may answer with, control steps. */
export const MOST_ACTIONS = 128;
/** Rows that a server may take in one request. */
export const MOST_ROWS = 64;

/**
 * What a policy server may declare of itself, as `fp` in its metadata. Servers that know nothing of it
 * declare nothing.
 */
const declaredSchema = z.object({
  /** What results call it. @default its address */
  name: z.string().min(1).max(100).exactOptional(),
  task: z.enum(TASKS.map(({ name }) => name)).default('left-right'),
  /** What an action is: joint positions to reach, or what is to be added to those observed. */
  action: z.enum(['joint_target_abs', 'joint_target_rel']).default('joint_target_abs'),
  /** Tp, control steps. @default as many as its first answer has */
  horizon: z.int().min(1).max(MOST_ACTIONS).exactOptional(),
  control_hz: z.literal(CONTROL_RATES).default(20),
  /** To: with more than one, arrays of observations have an axis for them. @default one, without axis */
  obs_horizon: z.int().min(1).max(8).exactOptional(),
  /** The same observation may be answered in several ways. */
  stochastic: z.boolean().default(true),
  /** Draws from `fp/noise`, f32 [Tp, 8] of N(0, 1). */
  noise: z.boolean().default(false),
  /** Rows it takes in one request; with more than one, all arrays have an axis for them. */
  batch: z.int().min(1).max(MOST_ROWS).default(1),
  /** Pixels a side of the picture it wants; absent: none. */
  picture: z.int().min(16).max(256).exactOptional(),
  /** Reads `prompt`. */
  instructions: z.boolean().default(false),
});

export type Declared = z.infer<typeof declaredSchema>;
/** What our own servers declare. */
export type Declaration = z.input<typeof declaredSchema>;

/**
 * What a server's first frame declares.
 *
 * @throws ProtocolError 'failed' for a declaration that is none
 */
export function readDeclared(metadata: Value): Declared {
  const fp = metadata instanceof Map ? metadata.get('fp') : undefined;
  const { data, error } = declaredSchema.safeParse(fp === undefined ? {} : plainOf(fp));
  if (data) return data;
  throw new ProtocolError('failed', `fp of its metadata: ${explainIssues(error)}`);
}
