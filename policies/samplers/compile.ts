import type { Tensor, Tensor1D, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import { digestOf } from '../digest.ts';
import type {
  CompileOptions,
  Engine,
  Program,
  TensorFunction,
  TensorMap,
  TensorSpec,
} from '../engine/index.ts';
import type { AttentionProbe } from '../networks/attention.ts';
import { type Guidance, guide } from '../networks/guidance.ts';
import type { Network } from '../networks/network.ts';
import { seenIn } from '../networks/seen.ts';
import type { NoiseStream } from '../random.ts';
import { type AttentionStep, attentionOf, probeInto } from './attention.ts';
import { correction, type InpaintingStep } from './inpainting.ts';
import { isStochastic, type SamplerPlan, type SamplerStep } from './sampler.ts';
import { keepState, type SamplerState, stateOf } from './states.ts';
import { type Arithmetic, takeStep } from './step.ts';

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
  /** Numbers in a row of the text input. @default 0: the network reads none */
  readonly textSize?: number;
  /** Numbers in a row of the image input. @default 0: the network has no camera */
  readonly imageSize?: number;
  /** How much the instruction counts; absent: as in training. */
  readonly guidance?: Guidance;
  /** One a step, where chunks go on from known actions; absent: none are known. */
  readonly inpainting?: readonly InpaintingStep[];
  /** Keep what the network looks at. @default false */
  readonly attention?: boolean;
  /** Keep where it stands at every network evaluation. @default false */
  readonly states?: boolean;
  /**
   * One step's program, looped over: it serves plans of any length. In a batch of one its last bits
   * may be others. @default only plans that are too long to be one program
   */
  readonly looped?: boolean;
  /** Names the network, so that its programs may be kept; all else that makes them is added. */
  readonly key?: string;
}

/** A chunk with what is kept of every network evaluation that led to it. */
export interface Drawn {
  /** [B, Tp, Da], normalised */
  readonly chunk: Float32Array;
  /** Empty unless the sampler was compiled to keep it. */
  readonly attention: readonly AttentionStep[];
  /** Likewise. */
  readonly states: readonly SamplerState[];
}

/** What a sampler takes in besides the observation. */
export interface GivenRows {
  /** [B, `textSize`], where the network reads. */
  readonly text?: Float32Array;
  /** [B, `imageSize`], in ±1, where it has a camera. */
  readonly image?: Float32Array;
  /** [B, Tp, Da], normalised, and [B, Tp], where chunks go on from known actions. */
  readonly known?: Float32Array;
  readonly weight?: Float32Array;
}

/** A sampler made ready for one network and one batch size. */
export interface CompiledSampler {
  readonly batch: number;
  /**
   * @param observation [B, To·Do], normalised
   * @param streams     noise of each row
   * @param given       what else it was compiled to take in
   */
  draw(
    observation: Float32Array,
    streams: readonly NoiseStream[],
    given?: GivenRows,
  ): Promise<Drawn>;
  dispose(): Promise<void>;
}

export function compileSampler(engine: Engine, setup: SamplerSetup): Promise<CompiledSampler> {
  return isLooped(setup) ? loop(engine, setup) : unroll(engine, setup);
}

function isLooped({ plan, looped = plan.length > MAX_UNROLLED }: SamplerSetup): boolean {
  return looped;
}

function networkOf({ network, guidance }: SamplerSetup): Network {
  return guidance ? guide(network, guidance) : network;
}

/** A sampler out of its program and what one run of it does. */
function sampler(
  { batch }: SamplerSetup,
  program: Program,
  run: (
    seen: Readonly<Record<string, Float32Array>>,
    streams: readonly NoiseStream[],
  ) => Promise<Drawn>,
): CompiledSampler {
  return {
    batch,
    draw: (observation, streams, given) => run({ observation, ...given }, streams),
    dispose: () => program.dispose(),
  };
}

/** All steps of a plan as one function, with the inputs it takes. */
export function samplerFunction(setup: SamplerSetup): {
  readonly fn: TensorFunction;
  readonly inputs: readonly TensorSpec[];
} {
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
async function unroll(engine: Engine, setup: SamplerSetup): Promise<CompiledSampler> {
  const { plan, attention = false, states = false } = setup;
  const { fn, inputs } = samplerFunction(setup);
  const stochastic = isStochastic(plan);
  const program = await engine.compile(fn, inputs, keyOf(setup));
  return sampler(setup, program, async (seen, streams) => {
    const noise = drawNoise(setup, streams, setup.noisy);
    const results = await program.run({
      noise,
      ...seen,
      ...(stochastic && { fresh: joinNoise(setup, streams) }),
    });
    const looked = attention ? plan : [];
    const kept = states ? plan : [];
    return {
      chunk: results.chunk,
      attention: looked.map(({ time }, i) => attentionOf(i, time, program.outputShapes, results)),
      states: kept.map(({ time }, i) => stateOf(i, time, noise, results)),
    };
  });
}

/** One program for any step of the plan, its coefficients inputs. */
async function loop(engine: Engine, setup: SamplerSetup): Promise<CompiledSampler> {
  const { weights, plan, batch, inpainting, attention = false, states = false } = setup;
  const network = networkOf(setup);
  const { chunk, seen: seenSpecs } = specsOf(setup);
  const program: Program = await engine.compile(
    function drawStep(inputs) {
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
    },
    [
      { ...chunk, name: 'x' },
      { ...chunk, name: 'previousY' },
      { ...chunk, name: 'z' },
      { name: 'step', shape: [COEFFICIENTS] },
      ...(inpainting ? [{ name: 'inpainting', shape: [3] }] : []),
      ...seenSpecs,
    ],
    keyOf(setup),
  );
  return sampler(setup, program, async (seen, streams) => {
    let x = drawNoise(setup, streams, setup.noisy);
    let previousY: Float32Array = new Float32Array(x.length);
    const looked: AttentionStep[] = [];
    const kept: SamplerState[] = [];
    for (const [i, step] of plan.entries()) {
      const results = await program.run({
        x,
        previousY,
        z: drawNoise(setup, streams, step.next.noise > 0),
        step: coefficients(step),
        ...(inpainting && { inpainting: inpaintingCoefficients(inpainting[i]) }),
        ...seen,
      });
      if (states) kept.push({ time: step.time, x, y: results.y2 });
      if (attention) looked.push(attentionOf(0, step.time, program.outputShapes, results));
      x = results.x2;
      previousY = results.y2;
    }
    return { chunk: x, attention: looked, states: kept };
  });
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

function inpaintingCoefficients({ data, gain }: InpaintingStep): Float32Array {
  return Float32Array.of(data.x, data.network, gain);
}

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
function keyOf(setup: SamplerSetup): CompileOptions {
  const { key, weights, plan, guidance, inpainting, attention = false, states = false } = setup;
  if (key === undefined) return {};
  const guided = guidance && [guidance.scale, digestOf(guidance.silence)];
  const kept = [attention, states];
  const steps = isLooped(setup) ? inpainting !== undefined : [plan, inpainting];
  const parts = ['sampler', key, digestOf(weights), steps, guided, kept];
  return { key: JSON.stringify(parts) };
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

/** Noise for one tensor of all rows, [B, Tp, Da]; zeros where none is wanted. */
function drawNoise(
  { batch, chunk }: SamplerSetup,
  streams: readonly NoiseStream[],
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
function joinNoise(setup: SamplerSetup, streams: readonly NoiseStream[]): Float32Array {
  const parts = setup.plan.map(({ next }) => drawNoise(setup, streams, next.noise > 0));
  const joined = new Float32Array(parts.length * parts[0].length);
  parts.forEach((part, i) => {
    joined.set(part, i * part.length);
  });
  return joined;
}
