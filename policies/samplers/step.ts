/** A term of a weighted sum; null where it is not there. */
export type Term<W, V> = readonly [weight: W, value: V | null];

/** What a step computes with: chunks V and their coefficients W, numbers or tensors. */
export interface Arithmetic<W, V> {
  /** Σ weight·value, from first to last. */
  sum(...terms: readonly Term<W, V>[]): V;
  add(a: V, b: V): V;
  /** Clipped to ±1 where `clip` says so. */
  clip(value: V, clip: W | boolean): V;
}

/** A step whose coefficients may be inputs of a program. */
export interface StepOf<W> {
  readonly answer: { readonly x: W; readonly network: W };
  readonly clip: W | boolean;
  readonly next: {
    readonly x: W;
    readonly y: W;
    readonly previousY: W;
    readonly noise: W;
  };
}

/** What a step goes from. */
export interface StepInput<V> {
  readonly x: V;
  /** The network's answer to x. */
  readonly answer: V;
  /** Is added to the estimate: towards what is known; null where nothing is. */
  readonly towards?: V | null;
  /** y of the step before; zeros in the first. */
  readonly previousY: V;
  /** Fresh noise; null in a step that takes none. */
  readonly z: V | null;
}

/**
 * Carries out one step of a sampler (`SamplerStep` has the formulas), on whatever the arithmetic is
 * of: a traced program's tensors, a looped program's with its coefficients among the inputs, or plain
 * numbers.
 */
export function takeStep<W, V>(
  { sum, add, clip }: Arithmetic<W, V>,
  { answer: weight, clip: clipped, next }: StepOf<W>,
  { x, answer, towards = null, previousY, z }: StepInput<V>,
): { x: V; y: V } {
  const answered = sum([weight.x, x], [weight.network, answer]);
  const y = clip(towards === null ? answered : add(answered, towards), clipped);
  return { x: sum([next.x, x], [next.y, y], [next.previousY, previousY], [next.noise, z]), y };
}
