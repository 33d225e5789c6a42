import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import type { Engine } from '../engine/index.ts';
import { Random } from '../random.ts';
import { STREAM } from './data-order.ts';
import type { Flow } from './reflow.ts';

/** Euler steps along each path; as many places at which the velocity is compared. */
const STEPS = 20;

/**
 * How far a flow's paths are from straight lines: S = E ∫ ‖(a₁ − a₀) − v(a_τ, τ)‖² dτ along its own
 * paths, in normalised units, summed over the chunk. 0 where every path is straight and one
 * network evaluation is enough.
 *
 * @param observations [n, To·Do], normalised; a path starts from each
 * @param starts       where the paths start, [n, Tp·Da]. @default standard normal, from the seed
 * @cost NFE 20 an observation
 * @see Liu et al. 2023, section 2.2, arXiv:2209.03003
 */
export async function straightness(
  engine: Engine,
  { network, shape, weights }: Flow,
  observations: Float32Array,
  seed: number,
  starts?: Float32Array,
): Promise<number> {
  const count = observations.length / shape.observationDim;
  const chunk = [count, shape.horizon, shape.actionDim];
  const program = await engine.compile(
    function straightness({ noise, observation }) {
      const parameters = network.table.unpack(tf.tensor1d(weights));
      const velocities: Tensor[] = [];
      let actions = noise as Tensor3D;
      for (let i = 0; i < STEPS; i++) {
        const time: Tensor1D = tf.fill([count], i / STEPS);
        const input = { actions, time, observation: observation as Tensor2D };
        const velocity = network.apply(parameters, input);
        velocities.push(velocity);
        actions = tf.add(actions, tf.div(velocity, STEPS));
      }
      const way = tf.sub(actions, noise);
      const away = velocities.map((velocity) => tf.sum(tf.square(tf.sub(way, velocity))));
      return { s: tf.div(tf.addN(away), STEPS * count) };
    },
    [
      { name: 'noise', shape: chunk },
      { name: 'observation', shape: [count, shape.observationDim] },
    ],
  );
  try {
    const drawn = () =>
      Random.of(seed, STREAM.straightness).fillNormal(
        new Float32Array(count * shape.horizon * shape.actionDim),
      );
    const { s } = await program.run({ noise: starts ?? drawn(), observation: observations });
    return s[0];
  } finally {
    await program.dispose();
  }
}
