import type { Tensor } from '@tensorflow/tfjs';
import type { Path } from '../paths.ts';
import type { SamplerStep } from './sampler.ts';

/** Where a sampler stood at one network evaluation, as `SamplerStep` names it; normalised. */
export interface SamplerState {
  /** Diffusion step k/K or flow time τ. */
  readonly time: number;
  /** x that the network was asked about, [B, Tp, Da]. The first is the noise. */
  readonly x: Float32Array;
  /** y that came of it, [B, Tp, Da]: an estimate of the data, or on a flow the velocity. */
  readonly y: Float32Array;
  /** How it came of it. */
  readonly answer: SamplerStep['answer'];
}

/** Names of the outputs that hold a step's x and y. */
const nameOf = (step: number) => ({ x: `x ${step}`, y: `y ${step}` });

/** Puts where a step stands among a program's outputs. The noise, where the first one does, is an input. */
export function keepState(
  outputs: Record<string, Tensor>,
  step: number,
  { x, y }: { readonly x: Tensor; readonly y: Tensor },
): void {
  const name = nameOf(step);
  if (step > 0) outputs[name.x] = x;
  outputs[name.y] = y;
}

/** Where a step stood, by a run's outputs. */
export function stateOf(
  step: number,
  { time, answer }: SamplerStep,
  noise: Float32Array,
  results: Readonly<Record<string, Float32Array>>,
): SamplerState {
  const name = nameOf(step);
  return { time, answer, x: step > 0 ? results[name.x] : noise, y: results[name.y] };
}

/**
 * What the answer at a state says of the finished chunk, [B, Tp, Da], normalised.
 *
 * @param path that was learnt on; null for a regression, whose answer is the chunk
 */
export function estimateOf(path: Path | null, { time, answer, x, y }: SamplerState): Float32Array {
  const data = path?.dataAt(time) ?? { x: 0, network: 1 };
  // y = a·x + b·F and the data are c·x + d·F: not by way of F, where y is an estimate of the data already.
  const ofX = (data.x * answer.network - data.network * answer.x) / answer.network;
  const ofY = data.network / answer.network;
  return y.map((value, i) => ofX * x[i] + ofY * value);
}
