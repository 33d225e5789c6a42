import { Planner } from '../../policies/policy.ts';
import { Random } from '../../policies/random.ts';
import { createPlan } from '../../policies/samplers/index.ts';
import { Episode, startSeed } from '../../sim/index.ts';
import type { AttentionReport } from '../protocol/results.ts';
import type { EvaluationSetup } from './evaluate.ts';
import { eyeOf, toldOf } from './eye.ts';
import { ObservationHistory } from './observation-history.ts';

/**
 * Where a policy looks while it makes its first plan from a start: for each network evaluation and
 * attention block the weight of each token, averaged over the chunk.
 *
 * @throws InstructionError where the policy cannot read it
 */
export async function lookAt(
  {
    rapier,
    task,
    engine,
    policy,
    sampler,
    seed,
    guidance = 1,
  }: Omit<EvaluationSetup, 'actionHorizon' | 'batch'>,
  instruction: string,
): Promise<AttentionReport> {
  const { spec, observationDim } = policy;
  const plan = createPlan(spec.objective, sampler);
  const planner = await Planner.create(engine, policy, plan, 1, { guidance, attention: true });
  const scene = task.sampleInitialState(startSeed('evaluation', seed, 0));
  const episode = Episode.create(rapier, task, { ...scene, instruction }, spec.controlHz);
  try {
    const { tokens, unknown } = await planner.read(instruction);
    const history = new ObservationHistory(spec.obsHorizon);
    history.observe(episode);
    const observation = new Float32Array(spec.obsHorizon * observationDim);
    history.write(observation);
    const eye = eyeOf(spec);
    const told = toldOf(eye, [episode]);
    const { attention } = await planner.drawLooking(observation, [Random.of(seed)], told);
    const observed = spec.condition?.observed ?? [];
    const places = spec.condition?.text.tokens ?? 0;
    return {
      instruction,
      tokens: [...tokens, ...observed.map(({ name }) => `<${name}>`), ...(eye ? ['<image>'] : [])],
      unknown,
      steps: attention.map(({ time, blocks }) => ({
        time,
        blocks: Object.fromEntries(
          Array.from(blocks, ([name, { shape, data }]) => [
            name,
            weightsOf(meanRow(data, shape[shape.length - 1]), {
              words: tokens.length,
              places,
              things: observed.length,
            }),
          ]),
        ),
      })),
    };
  } finally {
    episode.free();
    await planner.dispose();
  }
}

/** Mean of rows of `width` numbers. */
function meanRow(data: Float32Array, width: number): number[] {
  const sums = new Array<number>(width).fill(0);
  data.forEach((value, i) => {
    sums[i % width] += value;
  });
  return sums.map((sum) => (sum * width) / data.length);
}

/** The weights of the words, of each thing observed, and of all of the picture together. */
function weightsOf(
  row: readonly number[],
  { words, places, things }: { words: number; places: number; things: number },
): number[] {
  const picture = row.slice(places + things);
  const sum = picture.reduce((total, weight) => total + weight, 0);
  return [
    ...row.slice(0, words),
    ...row.slice(places, places + things),
    ...(picture.length > 0 ? [sum] : []),
  ];
}
