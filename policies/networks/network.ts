import type { Tensor1D, Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import type { AttentionProbe } from './attention.ts';
import type { Parameters, ParameterTable } from './parameters.ts';

/** What the network turns into an answer of the actions' shape. */
export interface NetworkInput {
  /** Noisy action chunk, [B, Tp, Da]. */
  readonly actions: Tensor3D;
  /** Diffusion step k/K or flow time τ, [B], in [0, 1]. */
  readonly time: Tensor1D;
  /** Observation, [B, To·Do], normalised. */
  readonly observation: Tensor2D;
  /** Instruction, [B, `textSize`], where the network has a condition. */
  readonly text?: Tensor2D | undefined;
  /** Picture, [B, `imageSize`], in ±1, where the condition has a camera. */
  readonly image?: Tensor2D | undefined;
}

/** A network as a pure function of its parameters. */
export interface Network {
  readonly table: ParameterTable;
  /**
   * @param probe told what each attention block looks at
   * @returns     [B, Tp, Da]
   */
  apply(parameters: Parameters, input: NetworkInput, probe?: AttentionProbe): Tensor3D;
}
