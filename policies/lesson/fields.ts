import type { Engine } from '../engine/index.ts';
import { pathOf } from '../methods/index.ts';
import { Random } from '../random.ts';
import { type Mixture, type Point, sampleMixture } from './mixture.ts';
import { oracleOf } from './oracle.ts';
import { PlaneField, type PlanePolicy } from './plane.ts';

/** Flow times up to here are compared: near τ = 1 the velocity of a tight cloud has no bound. */
export const LATEST_TAU = 0.95;

/**
 * How far a trained network is from the best answer there is: the root mean square of the
 * difference over that of the best answer, weighted by the density of noised points along the path.
 * For a flow at τ uniform up to LATEST_TAU, for a diffusion at k uniform over all steps.
 */
export async function fieldError(
  engine: Engine,
  policy: PlanePolicy,
  mixture: Mixture,
  { count, seed }: { count: number; seed: number },
): Promise<number> {
  const random = Random.of(seed);
  const data = sampleMixture(mixture, count, random);
  const points = new Float32Array(2 * count);
  const time = new Float32Array(count);
  const path = pathOf(policy.objective);
  if (!path) throw new Error('a regression noises nothing: expected a flow or a diffusion');
  const latest = path.velocity ? LATEST_TAU : 1;
  const oracle = oracleOf(path, mixture);
  for (let i = 0; i < count; i++) {
    time[i] = latest * path.drawTime(random);
    const { signal, noise } = path.levelAt(time[i]);
    for (const j of [2 * i, 2 * i + 1]) points[j] = signal * data[j] + noise * random.normal();
  }
  const field = await PlaneField.create(engine, policy, count);
  try {
    const answers = await field.at(points, time);
    let squares = 0;
    let whole = 0;
    for (let i = 0; i < count; i++) {
      const point = Float64Array.of(points[2 * i], points[2 * i + 1]);
      const best = await oracle(point, time[i]);
      for (const j of [0, 1]) {
        squares += (answers[2 * i + j] - best[j]) ** 2;
        whole += best[j] ** 2;
      }
    }
    return Math.sqrt(squares / whole);
  } finally {
    await field.dispose();
  }
}

/**
 * The same for a flow from the point (0, 0) to a point: between them, at times spread evenly over
 * the way, where the velocity is always the point itself.
 */
export async function lineError(
  engine: Engine,
  policy: PlanePolicy,
  [x, y]: Point,
  count: number,
): Promise<number> {
  const time = Float32Array.from({ length: count }, (_, i) => i / count);
  const points = Float32Array.from({ length: 2 * count }, (_, i) => time[i >> 1] * [x, y][i % 2]);
  const field = await PlaneField.create(engine, policy, count);
  try {
    const answers = await field.at(points, time);
    const squares = answers.reduce((sum, v, i) => sum + (v - [x, y][i % 2]) ** 2, 0);
    return Math.sqrt(squares / (count * (x * x + y * y)));
  } finally {
    await field.dispose();
  }
}
