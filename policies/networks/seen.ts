import type { Tensor2D } from '@tensorflow/tfjs';
import type { TensorMap } from '../engine/types.ts';
import type { NetworkInput } from './network.ts';

/** What a network is shown besides noisy actions and their time, out of a program's inputs. */
export function seenIn(inputs: TensorMap): Pick<NetworkInput, 'observation' | 'text' | 'image'> {
  return {
    observation: inputs.observation as Tensor2D,
    text: inputs.text as Tensor2D | undefined,
    image: inputs.image as Tensor2D | undefined,
  };
}
