/** Operators that a kernel has, by their number of operands. */
export const KERNEL_OPERANDS = { Add: 2, Sub: 2, Mul: 2, Div: 2, Sqrt: 1 } as const;
export type KernelOp = keyof typeof KERNEL_OPERANDS;

/** One operation on whole vectors. */
export interface KernelStep {
  readonly op: KernelOp;
  /** What it works on: vectors, then scalars, then constants, then steps before it, counted through. */
  readonly of: readonly number[];
}

/**
 * The end of a program in which vectors of one length are made from others, number by number, as an
 * optimiser makes weights and moments: what is left of the program is its body.
 */
export interface VectorTail {
  /** Numbers of each vector. */
  readonly size: number;
  /** Inputs of the program that its body reads. */
  readonly reads: readonly string[];
  /** Vectors to begin from: inputs of the program, or outputs of its body. */
  readonly vectors: readonly string[];
  /** How many single numbers the body gives, as one output (`SCALARS`). */
  readonly scalars: number;
  readonly constants: readonly number[];
  readonly steps: readonly KernelStep[];
  /** Outputs of the program, by what gives them, counted as operands are. */
  readonly outputs: readonly { readonly name: string; readonly of: number }[];
}

/** What the body calls the output that holds its single numbers. */
export const SCALARS = 'kernel scalars';
/** How names of the body's vectors begin. */
export const BODY_VECTOR = 'kernel vector ';
