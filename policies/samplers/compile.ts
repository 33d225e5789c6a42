import { createHash } from 'node:crypto';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '@tensorflow/tfjs';
import type {
  CompileOptions,
  Engine,
  Program,
  TensorFunction,
  TensorSpec,
} from '../engine/index.ts';
import type { Network } from '../networks/unet.ts';
import type { Random } from '../random.ts';
import { isStochastic, type SamplerPlan, type SamplerStep } from './sampler.ts';

/** Longest plan whose steps become one program; a longer one is a program of one step, looped. */
const MAX_UNROLLED = 16;

export interface SamplerSetup {
  readonly network: Network;
  /** Flat, as the network's table packs them. */
  readonly weights: Float32Array;
  readonly plan: SamplerPlan;
  readonly batch: number;
  /** Tp and Da. */
  readonly chunk: readonly [number, number];
  /** To·Do */
  readonly observationSize: number;
  /** Start from noise, or from zero. */
  readonly noisy: boolean;
  /** Names the network, so that its programs may be kept; weights and plan are added to it. */
  readonly key?: string;
}

/** A sampler made ready for one network and one batch size. */
export interface CompiledSampler {
  readonly batch: number;
  /**
   * @param observation [B, To·Do], normalised
   * @param streams     noise of each row
   * @returns           [B, Tp, Da], normalised
   */
  draw(observation: Float32Array, streams: readonly Random[]): Promise<Float32Array>;
  dispose(): Promise<void>;
}

export function compileSampler(engine: Engine, setup: SamplerSetup): Promise<CompiledSampler> {
  return setup.plan.length <= MAX_UNROLLED ? unroll(engine, setup) : loop(engine, setup);
}

/** All steps of a plan as one function, with the inputs it takes. */
export function samplerFunction(setup: SamplerSetup): {
  readonly fn: TensorFunction;
  readonly inputs: readonly TensorSpec[];
} {
  const { network, weights, plan, batch } = setup;
  const { chunk, observation } = specsOf(setup);
  const stochastic = isStochastic(plan);
  const fresh = { name: 'fresh', shape: [plan.length, ...chunk.shape] };
  const fn: TensorFunction = function draw(inputs) {
    const parameters = network.table.unpack(tf.tensor1d(weights));
    const zs = stochastic ? tf.split(inputs.fresh, plan.length, 0) : [];
    let x = inputs.noise as Tensor3D;
    let previousY: Tensor3D = tf.zerosLike(x);
    plan.forEach((step, i) => {
      const time: Tensor1D = tf.fill([batch], step.time);
      const answer = network.apply(parameters, {
        actions: x,
        time,
        observation: inputs.observation as Tensor2D,
      });
      const z = zs[i] ? tf.reshape(zs[i], x.shape) : null;
      const moved = applyStep(step, { x, answer, previousY, z });
      x = moved.x;
      previousY = moved.y;
    });
    return { chunk: x };
  };
  return { fn, inputs: [{ ...chunk, name: 'noise' }, observation, ...(stochastic ? [fresh] : [])] };
}

/** All steps in one program. */
async function unroll(engine: Engine, setup: SamplerSetup): Promise<CompiledSampler> {
  const { fn, inputs } = samplerFunction(setup);
  const stochastic = isStochastic(setup.plan);
  const program = await engine.compile(fn, inputs, keyOf(setup));
  return {
    batch: setup.batch,
    async draw(observed, streams) {
      const inputs = {
        noise: drawNoise(setup, streams, setup.noisy),
        observation: observed,
        ...(stochastic && { fresh: joinNoise(setup, streams) }),
      };
      return (await program.run(inputs)).chunk;
    },
    dispose: () => program.dispose(),
  };
}

/** One program for any step of the plan, its coefficients inputs. */
async function loop(engine: Engine, setup: SamplerSetup): Promise<CompiledSampler> {
  const { network, weights, plan, batch } = setup;
  const { chunk, observation } = specsOf(setup);
  const program: Program = await engine.compile(
    function drawStep(inputs) {
      const parameters = network.table.unpack(tf.tensor1d(weights));
      const [time, answerX, answerNetwork, clip, nextX, nextY, nextPreviousY, nextNoise] = tf.split(
        inputs.step,
        COEFFICIENTS,
      );
      const x = inputs.x as Tensor3D;
      const answer = network.apply(parameters, {
        actions: x,
        time: tf.tile(time as Tensor1D, [batch]),
        observation: inputs.observation as Tensor2D,
      });
      const estimate = tf.add(tf.mul(x, answerX), tf.mul(answer, answerNetwork));
      const y = tf.clipByValue(estimate, -1, 1);
      const kept = tf.add(tf.mul(y, clip), tf.mul(estimate, tf.sub(1, clip)));
      const moved = [
        tf.mul(x, nextX),
        tf.mul(kept, nextY),
        tf.mul(inputs.previousY, nextPreviousY),
        tf.mul(inputs.z, nextNoise),
      ];
      return { x2: tf.addN(moved), y2: kept };
    },
    [
      { ...chunk, name: 'x' },
      { ...chunk, name: 'previousY' },
      { ...chunk, name: 'z' },
      { name: 'step', shape: [COEFFICIENTS] },
      observation,
    ],
    keyOf(setup),
  );
  return {
    batch,
    async draw(observed, streams) {
      let x = drawNoise(setup, streams, setup.noisy);
      let previousY: Float32Array = new Float32Array(x.length);
      for (const step of plan) {
        const { x2, y2 } = await program.run({
          x,
          previousY,
          z: drawNoise(setup, streams, step.next.noise > 0),
          step: coefficients(step),
          observation: observed,
        });
        x = x2;
        previousY = y2;
      }
      return x;
    },
    dispose: () => program.dispose(),
  };
}

/** Applies one step whose coefficients are known while the program is traced. */
function applyStep(
  { answer: weight, clip, next }: SamplerStep,
  {
    x,
    answer,
    previousY,
    z,
  }: { x: Tensor3D; answer: Tensor3D; previousY: Tensor3D; z: Tensor | null },
): { x: Tensor3D; y: Tensor3D } {
  const estimate = combine([weight.x, x], [weight.network, answer]);
  const y = clip ? (tf.clipByValue(estimate, -1, 1) as Tensor3D) : estimate;
  const moved = combine([next.x, x], [next.y, y], [next.previousY, previousY], [next.noise, z]);
  return { x: moved, y };
}

/** Weighted sum that leaves out what has no weight. */
function combine(...terms: [number, Tensor | null][]): Tensor3D {
  const weighted = terms.flatMap(([weight, tensor]) => {
    if (weight === 0 || !tensor) return [];
    return [weight === 1 ? tensor : tf.mul(tensor, weight)];
  });
  return weighted.reduce((sum, term) => tf.add(sum, term)) as Tensor3D;
}

/** Numbers `coefficients` gives for one step. */
const COEFFICIENTS = 8;

function coefficients({ time, answer, clip, next }: SamplerStep): Float32Array {
  return Float32Array.of(
    time,
    answer.x,
    answer.network,
    Number(clip),
    next.x,
    next.y,
    next.previousY,
    next.noise,
  );
}

/** The weights are constants of the program, so they are part of what it is. */
function keyOf({ key, weights, plan }: SamplerSetup): CompileOptions {
  if (key === undefined) return {};
  const bytes = new Uint8Array(weights.buffer, weights.byteOffset, weights.byteLength);
  const digest = createHash('sha256').update(bytes).digest('hex');
  return { key: JSON.stringify(['sampler', key, digest, plan]) };
}

function specsOf({ batch, chunk, observationSize }: SamplerSetup) {
  return {
    chunk: { shape: [batch, ...chunk] },
    observation: { name: 'observation', shape: [batch, observationSize] } satisfies TensorSpec,
  };
}

/** Noise for one tensor of all rows, [B, Tp, Da]; zeros where none is wanted. */
function drawNoise(
  { batch, chunk }: SamplerSetup,
  streams: readonly Random[],
  wanted: boolean,
): Float32Array {
  const size = chunk[0] * chunk[1];
  const noise = new Float32Array(batch * size);
  if (!wanted) return noise;
  streams.forEach((stream, row) => {
    stream.fillNormal(noise.subarray(row * size, (row + 1) * size));
  });
  return noise;
}

/** Fresh noise of all steps, [steps, B, Tp, Da]. */
function joinNoise(setup: SamplerSetup, streams: readonly Random[]): Float32Array {
  const parts = setup.plan.map(({ next }) => drawNoise(setup, streams, next.noise > 0));
  const joined = new Float32Array(parts.length * parts[0].length);
  parts.forEach((part, i) => {
    joined.set(part, i * part.length);
  });
  return joined;
}
