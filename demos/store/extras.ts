/** Columns that not every dataset has: those of one that does without keep their bits. */
export interface Extras {
  /** Size of the pictures it keeps, pixels a side; null without. */
  readonly camera: number | null;
  /** Whether its frames say which of them a person took over from a policy. */
  readonly interventions: boolean;
  /**
   * Whether each frame carries what is known of its episode: LeRobot's tools keep the columns of frames
   * when they delete, split or merge, and nothing else of what is ours.
   */
  readonly facts: boolean;
}

export const NO_EXTRAS: Extras = { camera: null, interventions: false, facts: false };
