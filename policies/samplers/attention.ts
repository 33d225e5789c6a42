import type { Tensor } from '@tensorflow/tfjs';
import type { Program } from '../engine/index.ts';
import type { AttentionProbe } from '../networks/attention.ts';

/** Where the network looked in one of its evaluations. */
export interface AttentionStep {
  /** Diffusion step k/K or flow time τ. */
  readonly time: number;
  /** By attention block: [B, T, L], the mean over heads. T is the block's own time resolution. */
  readonly blocks: ReadonlyMap<string, AttentionWeights>;
}

export interface AttentionWeights {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Name of the output that holds what a block looked at in a step. */
function outputName(step: number, block: string): string {
  return `attention ${step} ${block}`;
}

/** Puts what the blocks look at in a step among a program's outputs. */
export function probeInto(outputs: Record<string, Tensor>, step: number): AttentionProbe {
  return (block, weights) => {
    outputs[outputName(step, block)] = weights;
  };
}

/** What a run's outputs say of the attention in a step. */
export function attentionOf(
  step: number,
  time: number,
  shapes: Program['outputShapes'],
  results: Readonly<Record<string, Float32Array>>,
): AttentionStep {
  const prefix = outputName(step, '');
  const names = Object.keys(shapes).filter((name) => name.startsWith(prefix));
  const blocks = names.map(
    (name) => [name.slice(prefix.length), { shape: shapes[name], data: results[name] }] as const,
  );
  return { time, blocks: new Map(blocks) };
}
