import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import { digestOf } from '../digest.ts';
import type { Engine, Program, TensorFunction, TensorSpec } from '../engine/index.ts';
import { type NoiseStream, noiseOfRows } from '../random.ts';
import type { LeRobotCheckpoint } from './checkpoint.ts';
import { type DenoisingStep, denoisingSteps } from './noise-scheduler.ts';

/** Draws chunks as LeRobot does, for batches of one size. */
export class LeRobotSampler {
  readonly batch: number;
  readonly steps: readonly DenoisingStep[];
  readonly #program: Program;
  /** Rows that are drawn times components of an action. */
  readonly #size: number;

  private constructor(batch: number, size: number, steps: DenoisingStep[], program: Program) {
    this.batch = batch;
    this.steps = steps;
    this.#size = size;
    this.#program = program;
  }

  static async create(
    engine: Engine,
    checkpoint: Pick<LeRobotCheckpoint, 'config' | 'network' | 'weights'>,
    batch: number,
  ): Promise<LeRobotSampler> {
    const { config, weights } = checkpoint;
    const { fn, inputs } = stepFunction(checkpoint, batch);
    const { network, horizon, noise } = config;
    const key = JSON.stringify(['lerobot', network, horizon, noise.clip, digestOf(weights)]);
    const program = await engine.compile(fn, inputs, { rows: batch, key });
    return new LeRobotSampler(batch, horizon * network.actionDim, denoisingSteps(noise), program);
  }

  /**
   * @param observation [B, To·Do], normalised
   * @param streams     noise of each row; rows beyond the last start from zero
   * @returns           [B, horizon, Da], normalised
   */
  async draw(observation: Float32Array, streams: readonly NoiseStream[]): Promise<Float32Array> {
    let x = this.#noise(streams);
    const still = new Float32Array(x.length);
    for (const step of this.steps) {
      const z = step.next.noise > 0 ? this.#noise(streams) : still;
      const results = await this.#program.run({ x, z, observation, step: coefficients(step) });
      x = results.x2;
    }
    return x;
  }

  dispose(): Promise<void> {
    return this.#program.dispose();
  }

  #noise(streams: readonly NoiseStream[]): Float32Array {
    return noiseOfRows(streams, this.batch, this.#size);
  }
}

const COEFFICIENTS = 7;

function coefficients({ time, answer, next }: DenoisingStep): Float32Array {
  return Float32Array.of(
    ...[time, answer.x, answer.network],
    ...[next.x, next.y, next.network, next.noise],
  );
}

/** Any step as a function of its coefficients, with the inputs it takes. */
function stepFunction(
  { config, network, weights }: Pick<LeRobotCheckpoint, 'config' | 'network' | 'weights'>,
  batch: number,
): { fn: TensorFunction; inputs: TensorSpec[] } {
  const { actionDim, observationDim } = config.network;
  const chunk = { shape: [batch, config.horizon, actionDim] };
  const { clip } = config.noise;
  const sum = (...terms: readonly (readonly [weight: Tensor, value: Tensor])[]) =>
    tf.addN(terms.map(([weight, value]) => tf.mul(value, weight)));
  const fn: TensorFunction = function denoise(inputs) {
    const parameters = network.table.unpack(tf.tensor1d(weights));
    const [time, answerX, answerNetwork, nextX, nextY, nextNetwork, nextNoise] = tf.split(
      inputs.step,
      COEFFICIENTS,
    );
    const x = inputs.x as Tensor3D;
    const answer = network.apply(parameters, {
      actions: x,
      time: tf.tile(time as Tensor1D, [batch]),
      observation: inputs.observation as Tensor2D,
    });
    const estimate = sum([answerX, x], [answerNetwork, answer]);
    const y = clip === null ? estimate : tf.clipByValue(estimate, -clip, clip);
    return { x2: sum([nextX, x], [nextY, y], [nextNetwork, answer], [nextNoise, inputs.z]) };
  };
  const inputs = [
    { ...chunk, name: 'x' },
    { ...chunk, name: 'z' },
    { name: 'observation', shape: [batch, observationDim] },
    { name: 'step', shape: [COEFFICIENTS] },
  ];
  return { fn, inputs };
}
