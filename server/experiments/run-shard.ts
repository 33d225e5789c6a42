import type { GridResult } from '../evaluation/evaluate.ts';
import { type EvaluationPart, Evaluator } from '../evaluation/input.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { sourceName } from '../protocol/sources.ts';
import { policyDigest } from '../storage/open-policy.ts';
import { openWorkspace, type Place } from '../storage/workspace.ts';
import { checkProgram } from './code.ts';
import type { Acting } from './schemas.ts';
import type { ShardDescription } from './shard.ts';

/** What became of a shard's rollouts. */
export interface ShardResult {
  /** In the order of its cells. */
  readonly rollouts: readonly GridResult[];
  /** What ran the networks, by its name. */
  readonly engine: string;
}

/**
 * Rolls shards out, one after the other. What becomes of one is a function of its description alone: the
 * place only says where the policy of that digest is found.
 */
export class ShardRunner {
  readonly #place: Place;
  readonly #evaluator = new Evaluator();

  constructor(place: Place) {
    this.#place = place;
  }

  /**
   * @throws ProtocolError 'conflict' where this is another program, or the policy is another by now
   * @cost about 0.1 s a rollout and core, and 0.5 s to begin where the shard before was of another
   *       contender
   */
  async run(shard: ShardDescription, onEnded: () => void = () => {}): Promise<ShardResult> {
    const { acting, batch, engine } = shard;
    const workspace = openWorkspace({ ...this.#place, engine });
    await checkProgram(shard, 'shard');
    await checkPolicy(workspace, acting);
    const part = evaluationOf(workspace.place, shard);
    const options = { revision: acting.digest, onEnded };
    const { results, engine: name } = await this.#evaluator.evaluate(part, batch, options);
    try {
      // A run that is trained on may have been exchanged before it was opened.
      await checkPolicy(workspace, acting);
    } catch (error) {
      await this.dispose();
      throw error;
    }
    return { rollouts: results, engine: name };
  }

  /** It can be asked again, and opens what it needs anew. */
  dispose(): Promise<void> {
    return this.#evaluator.dispose();
  }
}

/** What is to be rolled out of a shard. */
export function evaluationOf(
  place: Place,
  { acting, seed, instruction, cells }: ShardDescription,
): EvaluationPart {
  const { source, sampler, actionHorizon, guidance, chunking, perturbation } = acting;
  return {
    input: {
      ...{ place, source, sampler, actionHorizon, seed },
      ...(guidance !== null && { guidance }),
      ...(chunking !== null && { chunking }),
      ...(perturbation && { perturbation }),
    },
    cells: cells.map(([start, noise]) => {
      return { start, noise, ...(instruction !== null && { instruction }) };
    }),
  };
}

/** @throws ProtocolError 'conflict' where the source names another policy by now */
export async function checkPolicy(
  workspace: Parameters<typeof policyDigest>[0],
  { source, digest }: Pick<Acting, 'source' | 'digest'>,
): Promise<void> {
  const got = await policyDigest(workspace, source);
  if (got === digest) return;
  throw new ProtocolError(
    'conflict',
    `${sourceName(source)}: expected the policy of digest ${digest}, as planned, got ${got}; put ` +
      'the planned one there, or plan the experiment again',
  );
}
