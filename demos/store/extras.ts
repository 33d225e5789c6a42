/** Columns that not every dataset has: those of one that does without keep their bits. */
export interface Extras {
  /** Size of the pictures it keeps, pixels a side; null without. */
  readonly camera: number | null;
  /** Whether its frames say which of them a person took over from a policy. */
  readonly interventions: boolean;
}

export const NO_EXTRAS: Extras = { camera: null, interventions: false };
