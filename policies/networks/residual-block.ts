import type { Tensor2D, Tensor3D } from '@tensorflow/tfjs';
import tf from '#tensorflow';
import { groupNorm, linear, modulate, silu } from './layers.ts';
import type { Parameters, ParameterTable } from './parameters.ts';
import type { Places } from './places.ts';

interface BlockConfig {
  readonly from: number;
  readonly to: number;
  /** Taps of the convolutions along an axis; odd. */
  readonly kernel: number;
  /** Channel groups that are normalised together. */
  readonly groups: number;
  /** Size of the condition vector. */
  readonly condition: number;
}

/**
 * conv → norm → SiLU → FiLM → conv → norm → SiLU, plus the input.
 *
 * @returns (p, x [N, B, from], condition [B, condition]) → [N, B, to], N places
 */
export function residualBlock(
  table: ParameterTable,
  name: string,
  { convolution }: Places,
  { from, to, kernel, groups, condition }: BlockConfig,
) {
  const conv1 = convolution(table, `${name}.conv1`, { from, to, kernel });
  const norm1 = groupNorm(table, `${name}.norm1`, to, groups);
  const film = linear(table, `${name}.film`, condition, 2 * to);
  const conv2 = convolution(table, `${name}.conv2`, { from: to, to, kernel });
  const norm2 = groupNorm(table, `${name}.norm2`, to, groups);
  const project =
    from === to ? null : convolution(table, `${name}.project`, { from, to, kernel: 1 });
  return (p: Parameters, x: Tensor3D, c: Tensor2D): Tensor3D => {
    const coefficients = film(p, c);
    const h = silu(norm1(p, conv1(p, x)));
    const y = silu(norm2(p, conv2(p, modulate(h, coefficients))));
    return tf.add(y, project ? project(p, x) : x);
  };
}

/** Declares a block's parameters; gives (p, x [N, B, from], condition [B, condition]) → [N, B, to]. */
export type BlockMaker = typeof residualBlock;

/**
 * norm → SiLU → conv → norm → FiLM → SiLU → conv, plus the input, which thereby reaches the end as it came.
 * The last convolution begins at zero: a new block changes nothing.
 *
 * @see He et al. 2016, arXiv:1603.05027; Dhariwal and Nichol 2021, appendix, arXiv:2105.05233
 */
export const preActivationBlock: BlockMaker = (
  table,
  name,
  { convolution },
  { from, to, kernel, groups, condition },
) => {
  const norm1 = groupNorm(table, `${name}.norm1`, from, groups);
  const conv1 = convolution(table, `${name}.conv1`, { from, to, kernel });
  const norm2 = groupNorm(table, `${name}.norm2`, to, groups);
  const film = linear(table, `${name}.film`, condition, 2 * to);
  const conv2 = convolution(table, `${name}.conv2`, { from: to, to, kernel, init: 'zeros' });
  const project =
    from === to ? null : convolution(table, `${name}.project`, { from, to, kernel: 1 });
  return (p, x, c) => {
    const h = norm2(p, conv1(p, silu(norm1(p, x))));
    const y = conv2(p, silu(modulate(h, film(p, c))));
    return tf.add(y, project ? project(p, x) : x);
  };
};
