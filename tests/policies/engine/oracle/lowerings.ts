import type { Tensor } from '@tensorflow/tfjs';
import type fc from 'fast-check';
import type { Random } from '../../../../policies/random.ts';
import { ARITHMETIC_ROWS } from './rows/arithmetic.ts';
import { CONVOLUTION_ROWS } from './rows/convolution.ts';
import { MATMUL_ROWS } from './rows/matmul.ts';
import { REDUCTION_ROWS } from './rows/reduction.ts';
import { SHAPE_ROWS } from './rows/shape.ts';

/** One input of an example: its shape, and how its numbers are drawn. */
export interface ExampleInput {
  readonly shape: readonly number[];
  readonly draw: (random: Random) => number;
  /** @default 'float32' */
  readonly dtype?: 'int32';
}

/** A kernel with inputs of some shapes and with some attributes. */
export interface Example {
  readonly inputs: Readonly<Record<string, ExampleInput>>;
  readonly run: (x: Record<string, Tensor>) => Tensor | readonly Tensor[];
}

/** What is promised of a lowering. */
export interface LoweringRow {
  /** As TensorFlow.js names it. */
  readonly kernel: string;
  /** Which one, where a kernel is lowered in several ways. */
  readonly variant?: string;
  /**
   * Error allowed in f32 against the oracle: |difference| / (1 + |value|). Zero where numbers are
   * only moved, compared or rounded once.
   */
  readonly tolerance: number;
  /** The same of its gradients, all engines against the oracle; null where it has none. */
  readonly gradient: number | null;
  /** Kernels that the example needs besides. */
  readonly also?: readonly string[];
  /** Examples tried. @default 20 */
  readonly runs?: number;
  /** Places of an input at which its gradient is compared with differences. @default 24 */
  readonly places?: number;
  /**
   * Of shapes for which we lower it otherwise: TensorFlow.js's own kernels on the CPU, slow ones, are the same as
   * at the shapes of the kernel's other rows. @default false
   */
  readonly ourWay?: boolean;
  readonly examples: fc.Arbitrary<Example>;
}

/** Every lowering has a row: what is tested and what docs/operators.md says come from here. */
export const LOWERING_ROWS: readonly LoweringRow[] = [
  ...ARITHMETIC_ROWS,
  ...REDUCTION_ROWS,
  ...SHAPE_ROWS,
  ...MATMUL_ROWS,
  ...CONVOLUTION_ROWS,
];

export function titleOf({ kernel, variant }: LoweringRow): string {
  return variant ? `${kernel} (${variant})` : kernel;
}
