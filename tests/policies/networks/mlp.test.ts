import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createMlp } from '../../../policies/networks/mlp.ts';
import { Random } from '../../../policies/random.ts';
import { ENGINES, relativeError, runOn } from '../../support/engines.ts';

const network = createMlp({
  horizon: 1,
  actionDim: 2,
  observationDim: 1,
  widths: [16, 8],
  embedding: 8,
});
const SPECS = [
  { name: 'weights', shape: [network.table.size] },
  { name: 'actions', shape: [3, 1, 2] },
  { name: 'time', shape: [3] },
  { name: 'observation', shape: [3, 1] },
];

function inputsOf(seed: number) {
  const random = Random.of(seed);
  return {
    weights: network.table.initialize(Random.of(9)),
    actions: random.fillNormal(new Float32Array(6)),
    time: Float32Array.from({ length: 3 }, () => random.uniform()),
    observation: random.fillNormal(new Float32Array(3)),
  };
}

describe.each(ENGINES)('the MLP on the engine "%s"', (_, createEngine) => {
  const answer = async (inputs: ReturnType<typeof inputsOf>) => {
    const { y } = await runOn(
      await createEngine(),
      ({ weights, actions, time, observation }) => ({
        y: network.apply(network.table.unpack(weights), {
          actions: actions as Tensor3D,
          time: time as Tensor1D,
          observation: observation as Tensor2D,
        }),
      }),
      SPECS,
      inputs,
    );
    return y;
  };

  it('answers each point by itself, from the point, the time and the observation', async () => {
    const [inputs, other] = [inputsOf(1), inputsOf(2)];
    const y = await answer(inputs);
    expect(y).toHaveLength(6);
    for (const name of ['actions', 'time', 'observation'] as const) {
      // The first row stays as it is.
      const size = inputs[name].length / 3;
      const changed = inputs[name].map((value, i) => (i < size ? value : other[name][i]));
      const z = await answer({ ...inputs, [name]: changed });
      expect(relativeError(z.subarray(0, 2), y.subarray(0, 2)), name).toBeLessThan(1e-6);
      expect(relativeError(z.subarray(2), y.subarray(2)), name).toBeGreaterThan(1e-3);
    }
  });
});
