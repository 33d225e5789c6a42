import type { SamplerSpec } from '../config/sampler.ts';
import type { Engine } from '../engine/index.ts';
import { pathOf } from '../methods/index.ts';
import { Random } from '../random.ts';
import { compileSampler } from '../samplers/compile.ts';
import { createPlan } from '../samplers/plan.ts';
import { PLANE_STREAM, type PlanePolicy } from './plane.ts';

/**
 * Draws points with one of the policy's samplers.
 *
 * @param noisy start from noise, or from (0, 0). @default true, but for a regression
 * @returns [count, 2]
 */
export async function drawInPlane(
  engine: Engine,
  { objective, network, shape, weights }: PlanePolicy,
  sampler: SamplerSpec,
  {
    count,
    seed,
    noisy = pathOf(objective) !== null,
  }: { count: number; seed: number; noisy?: boolean },
): Promise<Float32Array> {
  const compiled = await compileSampler(engine, {
    network,
    weights,
    plan: createPlan(objective, sampler),
    batch: count,
    chunk: [shape.horizon, shape.actionDim],
    observationSize: shape.observationDim,
    noisy,
  });
  try {
    const streams = Array.from({ length: count }, (_, i) => Random.of(seed, PLANE_STREAM.drawn, i));
    return (await compiled.draw(new Float32Array(count), streams)).chunk;
  } finally {
    await compiled.dispose();
  }
}
