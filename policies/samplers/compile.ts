import type { Tensor, Tensor1D, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import { digestOf } from '../digest.ts';
import type {
  CompileOptions,
  Engine,
  TensorFunction,
  TensorMap,
  TensorSpec,
} from '../engine/index.ts';
import type { AttentionProbe } from '../networks/attention.ts';
import { callsOf, type Guidance, guide } from '../networks/guidance.ts';
import type { Network } from '../networks/network.ts';
import { seenIn } from '../networks/seen.ts';
import { probeInto } from './attention.ts';
import { correction } from './inpainting.ts';
import { COEFFICIENTS, type ReadySampler, type RunSetup, runLooped, runUnrolled } from './run.ts';
import { isStochastic } from './sampler.ts';
import { keepState } from './states.ts';
import { type Arithmetic, takeStep } from './step.ts';

/** Longest plan whose steps become one program; a longer one is a program of one step, looped. */
export const MAX_UNROLLED = 16;

export interface SamplerSetup extends RunSetup {
  readonly network: Network;
  /** Flat, as the network's table packs them. */
  readonly weights: Float32Array;
  /** To·Do */
  readonly observationSize: number;
  /** Numbers in a row of the text input. @default 0: the network reads none */
  readonly textSize?: number;
  /** Numbers in a row of the image input. @default 0: the network has no camera */
  readonly imageSize?: number;
  /** How much the instruction counts; absent: as in training. */
  readonly guidance?: Guidance;
  /**
   * One step's program, looped over: it serves plans of any length. In a batch of one its last bits
   * may be others. @default only plans that are too long to be one program
   */
  readonly looped?: boolean;
  /** Names the network, so that its programs may be kept; all else that makes them is added. */
  readonly key?: string;
}

export function compileSampler(engine: Engine, setup: SamplerSetup): Promise<ReadySampler> {
  return isLooped(setup) ? loop(engine, setup) : unroll(engine, setup);
}

function isLooped({ plan, looped = plan.length > MAX_UNROLLED }: SamplerSetup): boolean {
  return looped;
}

function networkOf({ network, guidance }: SamplerSetup): Network {
  return guidance ? guide(network, guidance) : network;
}

/** A function to be traced, with the inputs it takes. */
interface TracedFunction {
  readonly fn: TensorFunction;
  readonly inputs: readonly TensorSpec[];
}

/** All steps of a plan as one function, with the inputs it takes. */
export function samplerFunction(setup: SamplerSetup): TracedFunction {
  const { weights, plan, batch, inpainting, attention = false, states = false } = setup;
  const network = networkOf(setup);
  const { chunk, seen } = specsOf(setup);
  const stochastic = isStochastic(plan);
  const fresh = { name: 'fresh', shape: [plan.length, ...chunk.shape] };
  const fn: TensorFunction = function draw(inputs) {
    const parameters = network.table.unpack(tf.tensor1d(weights));
    const zs = stochastic ? tf.split(inputs.fresh, plan.length, 0) : [];
    let x = inputs.noise as Tensor3D;
    let previousY: Tensor3D = tf.zerosLike(x);
    const kept: Record<string, Tensor> = {};
    plan.forEach((step, i) => {
      const time: Tensor1D = tf.fill([batch], step.time);
      const ask = (actions: Tensor3D, probe?: AttentionProbe) =>
        network.apply(parameters, { actions, time, ...seenIn(inputs) }, probe);
      const answer = ask(x, attention ? probeInto(kept, i) : undefined);
      const z = zs[i] ? (tf.reshape(zs[i], x.shape) as Tensor3D) : null;
      const { known, weight } = inputs;
      const towards = inpainting && correction(inpainting[i], ask, { x, known, weight });
      const moved = takeStep(TRACED, step, { x, answer, towards: towards ?? null, previousY, z });
      if (states) keepState(kept, i, { x, y: moved.y });
      x = moved.x;
      previousY = moved.y;
    });
    return { chunk: x, ...kept };
  };
  return { fn, inputs: [{ ...chunk, name: 'noise' }, ...seen, ...(stochastic ? [fresh] : [])] };
}

/** All steps in one program. */
async function unroll(engine: Engine, setup: SamplerSetup): Promise<ReadySampler> {
  const { fn, inputs } = samplerFunction(setup);
  return runUnrolled(await engine.compile(fn, inputs, optionsOf(setup)), setup);
}

/** One program for any step of the plan, its coefficients inputs. */
async function loop(engine: Engine, setup: SamplerSetup): Promise<ReadySampler> {
  const { fn, inputs } = stepFunction(setup);
  return runLooped(await engine.compile(fn, inputs, optionsOf(setup)), setup);
}

/** One step of any plan as a function of its coefficients, with the inputs it takes. */
export function stepFunction(setup: SamplerSetup): TracedFunction {
  const { weights, batch, inpainting, attention = false } = setup;
  const network = networkOf(setup);
  const { chunk, seen: seenSpecs } = specsOf(setup);
  const fn: TensorFunction = function drawStep(inputs) {
    const parameters = network.table.unpack(tf.tensor1d(weights));
    const [time, answerX, answerNetwork, clip, nextX, nextY, nextPreviousY, nextNoise] = tf.split(
      inputs.step,
      COEFFICIENTS,
    );
    const x = inputs.x as Tensor3D;
    const looked: Record<string, Tensor> = {};
    const times: Tensor1D = tf.tile(time as Tensor1D, [batch]);
    const ask = (actions: Tensor3D, probe?: AttentionProbe) =>
      network.apply(parameters, { actions, time: times, ...seenIn(inputs) }, probe);
    const answer = ask(x, attention ? probeInto(looked, 0) : undefined);
    const step = {
      answer: { x: answerX, network: answerNetwork },
      clip,
      next: { x: nextX, y: nextY, previousY: nextPreviousY, noise: nextNoise },
    };
    const moved = takeStep<Tensor, Tensor>(LOOPED, step, {
      x,
      answer,
      towards: inpainting ? towardsKnown(inputs, x, ask) : null,
      previousY: inputs.previousY,
      z: inputs.z,
    });
    return { x2: moved.x, y2: moved.y, ...looked };
  };
  const inputs = [
    { ...chunk, name: 'x' },
    { ...chunk, name: 'previousY' },
    { ...chunk, name: 'z' },
    { name: 'step', shape: [COEFFICIENTS] },
    ...(inpainting ? [{ name: 'inpainting', shape: [3] }] : []),
    ...seenSpecs,
  ];
  return { fn, inputs };
}

/** Coefficients are known while the program is traced: what has no weight leaves no trace. */
const TRACED: Arithmetic<number, Tensor3D> = {
  sum(...terms) {
    const weighted = terms.flatMap(([weight, tensor]) => {
      if (weight === 0 || !tensor) return [];
      return [weight === 1 ? tensor : tf.mul(tensor, weight)];
    });
    return weighted.reduce((sum, term) => tf.add(sum, term)) as Tensor3D;
  },
  add: (a, b) => tf.add(a, b),
  clip: (value, clip) => (clip ? (tf.clipByValue(value, -1, 1) as Tensor3D) : value),
};

/** Coefficients are inputs: every term is there, and clipping is one, too. */
const LOOPED: Arithmetic<Tensor, Tensor> = {
  sum: (...terms) =>
    tf.addN(terms.flatMap(([weight, tensor]) => (tensor ? [tf.mul(tensor, weight)] : []))),
  add: (a, b) => tf.add(a, b),
  clip(value, clip) {
    const clipped = tf.clipByValue(value, -1, 1);
    return tf.add(tf.mul(clipped, clip), tf.mul(value, tf.sub(1, clip)));
  },
};

/** The correction of a step whose coefficients are inputs. */
function towardsKnown(inputs: TensorMap, x: Tensor3D, ask: (x: Tensor3D) => Tensor3D): Tensor3D {
  const [dataX, network, gain] = tf.split(inputs.inpainting, 3);
  const { known, weight } = inputs;
  return correction({ data: { x: dataX, network }, gain }, ask, { x, known, weight });
}

/**
 * The weights are constants of the program, so they are part of what it is; so are what guidance
 * compares with and whether attention and states are put out. The coefficients of a loop are its
 * inputs.
 */
function optionsOf(setup: SamplerSetup): CompileOptions {
  const { key, weights, plan, batch, guidance, inpainting } = setup;
  const { attention = false, states = false } = setup;
  // Inpainting takes the network's gradient.
  const rows = inpainting ? {} : { rows: batch * (guidance ? callsOf(guidance) : 1) };
  if (key === undefined) return rows;
  const guided = guidance && [guidance.scale, digestOf(guidance.silence)];
  const kept = [attention, states];
  const steps = isLooped(setup) ? inpainting !== undefined : [plan, inpainting];
  const parts = ['sampler', key, digestOf(weights), steps, guided, kept];
  return { ...rows, key: JSON.stringify(parts) };
}

function specsOf({
  batch,
  chunk,
  observationSize,
  textSize = 0,
  imageSize = 0,
  inpainting,
}: SamplerSetup): {
  chunk: { shape: number[] };
  seen: TensorSpec[];
} {
  const text = textSize > 0 ? [{ name: 'text', shape: [batch, textSize] }] : [];
  const image = imageSize > 0 ? [{ name: 'image', shape: [batch, imageSize] }] : [];
  const known = inpainting
    ? [
        { name: 'known', shape: [batch, ...chunk] },
        { name: 'weight', shape: [batch, chunk[0], 1] },
      ]
    : [];
  return {
    chunk: { shape: [batch, ...chunk] },
    seen: [{ name: 'observation', shape: [batch, observationSize] }, ...text, ...image, ...known],
  };
}
