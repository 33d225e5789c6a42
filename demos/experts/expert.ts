import type { InitialState, Vec3 } from '../../sim/index.ts';

/** Where a hand that points down is, or should be. */
export interface HandPose {
  /** Of the TCP, m. */
  readonly position: Vec3;
  /** Of the hand about the vertical, rad. */
  readonly yaw: number;
  /** Between the finger pads, m. */
  readonly opening: number;
}

/** A scripted demonstrator: yields one hand target a control step until it is done. */
export interface Expert {
  /**
   * @param initial where the episode begins
   * @param start   pose of the hand there, or wherever the expert takes over
   * @param mode    one of the task's modes
   * @param options control rate (Hz), seed of the expert's own variation, and how much of it:
   *                0 is the nominal path, 1 what a dataset is recorded with
   */
  demonstrate(
    initial: InitialState,
    start: HandPose,
    mode: string,
    options: { controlHz: number; seed: number; noise: number },
  ): Generator<HandPose>;
}
