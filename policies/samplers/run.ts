import type { Program } from '../engine/types.ts';
import { type NoiseStream, noiseOfRows } from '../random.ts';
import { type AttentionStep, attentionOf } from './attention.ts';
import type { InpaintingStep } from './inpainting.ts';
import { isStochastic, type SamplerPlan, type SamplerStep } from './sampler.ts';
import { type SamplerState, stateOf } from './states.ts';

/** What a program that draws chunks was made for. */
export interface RunSetup {
  readonly plan: SamplerPlan;
  readonly batch: number;
  /** Tp and Da. */
  readonly chunk: readonly [number, number];
  /** Start from noise, or from zero. */
  readonly noisy: boolean;
  /** One a step, where chunks go on from known actions; absent: none are known. */
  readonly inpainting?: readonly InpaintingStep[];
  /** Keep what the network looks at. @default false */
  readonly attention?: boolean;
  /** Keep where it stands at every network evaluation. @default false */
  readonly states?: boolean;
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
export interface ReadySampler {
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

/** A sampler out of its program and what one run of it does. */
function sampler(
  { batch }: RunSetup,
  program: Program,
  run: (
    seen: Readonly<Record<string, Float32Array>>,
    streams: readonly NoiseStream[],
  ) => Promise<Drawn>,
): ReadySampler {
  return {
    batch,
    draw: (observation, streams, given) => run({ observation, ...given }, streams),
    dispose: () => program.dispose(),
  };
}

/** @param program of all steps */
export function runUnrolled(program: Program, setup: RunSetup): ReadySampler {
  const { plan, attention = false, states = false } = setup;
  const stochastic = isStochastic(plan);
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
      states: kept.map((step, i) => stateOf(i, step, noise, results)),
    };
  });
}

/** @param program of any step, its coefficients inputs */
export function runLooped(program: Program, setup: RunSetup): ReadySampler {
  const { plan, inpainting, attention = false, states = false } = setup;
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
      if (states) kept.push({ time: step.time, answer: step.answer, x, y: results.y2 });
      if (attention) looked.push(attentionOf(0, step.time, program.outputShapes, results));
      x = results.x2;
      previousY = results.y2;
    }
    return { chunk: x, attention: looked, states: kept };
  });
}

/** Numbers `coefficients` gives for one step. */
export const COEFFICIENTS = 8;

/** A step as a program of one step takes it in. */
export function coefficients({ time, answer, clip, next }: SamplerStep): Float32Array {
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

/** The reverse. */
export function stepOf(numbers: Float32Array): SamplerStep {
  const [time, answerX, network, clip, x, y, previousY, noise] = numbers;
  return {
    time,
    answer: { x: answerX, network },
    clip: clip !== 0,
    next: { x, y, previousY, noise },
  };
}

function inpaintingCoefficients({ data, gain }: InpaintingStep): Float32Array {
  return Float32Array.of(data.x, data.network, gain);
}

/** Noise for one tensor of all rows, [B, Tp, Da]; zeros where none is wanted. */
function drawNoise(
  { batch, chunk }: RunSetup,
  streams: readonly NoiseStream[],
  wanted: boolean,
): Float32Array {
  return noiseOfRows(wanted ? streams : [], batch, chunk[0] * chunk[1]);
}

/** Fresh noise of all steps, [steps, B, Tp, Da]. */
function joinNoise(setup: RunSetup, streams: readonly NoiseStream[]): Float32Array {
  const parts = setup.plan.map(({ next }) => drawNoise(setup, streams, next.noise > 0));
  const joined = new Float32Array(parts.length * parts[0].length);
  parts.forEach((part, i) => {
    joined.set(part, i * part.length);
  });
  return joined;
}
