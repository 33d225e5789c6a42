/** Some episodes of a generation, which follow from what was asked for alone: wherever they are shown. */
import { z } from 'zod';
import type { Demonstration } from '../../demos/demonstration.ts';
import {
  checkDemonstration,
  DatasetError,
  packDemonstration,
  packedSchema,
  unpackDemonstration,
} from '../../demos/store/index.ts';
import { explainIssues } from '../../policies/config/index.ts';
import { findTask } from '../../sim/index.ts';
import { type GenerateRequest, generateRequestSchema } from '../protocol/datasets.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';

export const generationPartSchema = z
  .strictObject({
    /** Neither what it is called nor how many there are decides an episode. */
    request: generateRequestSchema.omit({ out: true, episodes: true, camera: true }),
    /** The episodes from `from` to before `to`. */
    from: z.int().min(0).max(LIMITS.episodes),
    to: z.int().min(1).max(LIMITS.episodes),
  })
  .refine(({ from, to }) => from < to, { path: ['to'], error: 'expected it beyond from' });

export type GenerationPart = z.infer<typeof generationPartSchema>;

/** The parts of a generation, of so many episodes. */
export function partsOf(
  { episodes, out: _, camera: __, ...request }: GenerateRequest,
  size: number,
): GenerationPart[] {
  const count = Math.ceil(episodes / size);
  return Array.from({ length: count }, (_part, i) => ({
    request,
    from: i * size,
    to: Math.min((i + 1) * size, episodes),
  }));
}

const shownSchema = z.object({ demonstrations: z.array(packedSchema).max(LIMITS.episodes) });

export function encodeShown(demonstrations: readonly Demonstration[]): object {
  return { demonstrations: demonstrations.map(packDemonstration) };
}

/** @throws ProtocolError 'damaged' for what are not the episodes of that part */
export function decodeShown(
  { request, from, to }: GenerationPart,
  output: unknown,
): Demonstration[] {
  const refuse = (got: string, cause?: unknown) =>
    new ProtocolError(
      'damaged',
      `queue: expected the ${to - from} demonstrations from ${from} of ${request.task}, got ${got}; ` +
        'generate them again',
      { cause },
    );
  const { data, error } = shownSchema.safeParse(output);
  if (!data) throw refuse(explainIssues(error));
  if (data.demonstrations.length !== to - from) throw refuse(`${data.demonstrations.length}`);
  const task = findTask(request.task);
  try {
    return data.demonstrations.map((packed) => {
      const demonstration = unpackDemonstration(packed);
      checkDemonstration(demonstration, task, request.controlHz);
      return demonstration;
    });
  } catch (cause) {
    if (!(cause instanceof DatasetError)) throw cause;
    throw refuse(cause.message, cause);
  }
}
