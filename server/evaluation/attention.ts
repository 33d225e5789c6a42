import { Random } from '../../policies/random.ts';
import { Episode } from '../../sim/index.ts';
import { Actor, observeAll, setUpActors } from '../acting/actor.ts';
import { attendedTokens, weightsByBlock } from '../acting/attention-weights.ts';
import { evaluationStart } from '../acting/evaluation-start.ts';
import type { AttentionReport } from '../protocol/results.ts';
import type { EvaluationSetup } from './evaluate.ts';

/**
 * Where a policy looks while it makes its first plan from a start: for each network evaluation and
 * attention block the weight of each token, averaged over the chunk.
 *
 * @throws InstructionError where the policy cannot read it, or reads none
 */
export async function lookAt(
  {
    rapier,
    task,
    policy,
    sampler,
    seed,
    guidance = 1,
  }: Omit<EvaluationSetup, 'actionHorizon' | 'batch'>,
  instruction: string,
): Promise<AttentionReport> {
  const about = policy.describe();
  const planner = await policy.prepare(1, {
    ...(sampler && { sampler }),
    guidance,
    attention: true,
  });
  const scene = evaluationStart(task, { seed, start: 0, instruction });
  const episode = Episode.create(rapier, task, scene, about.controlHz);
  try {
    const { tokens, unknown } = await planner.read(instruction);
    const setup = setUpActors(about);
    const { observation, told } = observeAll(setup, [new Actor(episode, setup)]);
    const { attention } = await planner.draw(observation, [Random.of(seed)], told);
    return {
      instruction,
      tokens: attendedTokens(about, tokens),
      unknown,
      steps: attention.map((step) => ({
        time: step.time,
        blocks: Object.fromEntries(weightsByBlock(about, step, tokens.length)),
      })),
    };
  } finally {
    episode.free();
    await planner.dispose();
  }
}
