/** Wrong use of the simulator: a command or state of the wrong form. The message says the cure. */
export class SimError extends Error {
  override readonly name = 'SimError';
}

/** The last control steps before an episode's physics left the finite numbers. */
export interface DivergenceTrace {
  readonly step: number;
  /** Newest last: the command, and the pose of every tracked body (7 numbers each). */
  readonly recent: readonly { readonly command: number[]; readonly poses: number[] }[];
}

/** A pose became non-finite. Only the episode that throws it is lost. */
export class PhysicsDivergedError extends Error {
  override readonly name = 'PhysicsDivergedError';
  // Private, so that printing the error does not print a thousand numbers.
  readonly #trace: DivergenceTrace;

  constructor(trace: DivergenceTrace) {
    super(
      `physics diverged at control step ${trace.step}: expected finite poses; ` +
        'this episode has ended, start another one',
    );
    this.#trace = trace;
  }

  get trace(): DivergenceTrace {
    return this.#trace;
  }
}
