import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
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
    function velocity({ actions, time, observation }) {
      const parameters = network.table.unpack(tf.tensor1d(weights));
      const input = { actions: actions as Tensor3D, time: time as Tensor1D };
      return { v: network.apply(parameters, { ...input, observation: observation as Tensor2D }) };
    },
    [
      { name: 'actions', shape: chunk },
      { name: 'time', shape: [count] },
      { name: 'observation', shape: [count, shape.observationDim] },
    ],
  );
  try {
    const noise =
      starts ??
      Random.of(seed, STREAM.straightness).fillNormal(
        new Float32Array(count * shape.horizon * shape.actionDim),
      );
    const actions = noise.slice();
    const velocities: Float32Array[] = [];
    for (let i = 0; i < STEPS; i++) {
      const time = new Float32Array(count).fill(i / STEPS);
      const { v } = await program.run({ actions, time, observation: observations });
      velocities.push(v);
      v.forEach((each, at) => {
        actions[at] += each / STEPS;
      });
    }
    let away = 0;
    for (const v of velocities) {
      v.forEach((each, at) => {
        away += (actions[at] - noise[at] - each) ** 2;
      });
    }
    return away / (STEPS * count);
  } finally {
    await program.dispose();
  }
}
