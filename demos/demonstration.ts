import type { ControlHz, InitialState } from '../sim/index.ts';

/** Who showed an episode; of one that came from elsewhere without saying, 'imported'. */
export const DEMONSTRATION_SOURCES = ['scripted', 'browser', 'imported'] as const;
export type DemonstrationSource = (typeof DEMONSTRATION_SOURCES)[number];

/** What was recorded of one episode; the rows of each array are control steps, oldest first. */
export interface Demonstration {
  readonly task: string;
  /** Behaviour shown; null where the attempt never passed the obstacle. */
  readonly mode: string | null;
  readonly source: DemonstrationSource;
  /** Seed the start was drawn from; null where a person arranged it. */
  readonly seed: number | null;
  readonly controlHz: ControlHz;
  readonly initial: InitialState;
  readonly success: boolean;
  readonly contact: boolean;
  /** Number of control steps, T. */
  readonly length: number;
  /** [T, 8] what was seen before the step: joint positions (rad), gripper opening (m). */
  readonly state: Float32Array;
  /** [T, environment] what was seen of the scene before the step. */
  readonly environment: Float32Array;
  /** [T, 8] the label a policy learns: what the demonstrator wanted. */
  readonly action: Float32Array;
  /** [T, 8] what was executed; differs from `action` while a push lasts. Replay uses this. */
  readonly command: Float32Array;
  /**
   * [T] 1 where a person had taken over from a policy. Absent from an episode that its demonstrator
   * showed from the beginning: all of that is learnt from, of others only these frames.
   */
  readonly intervention?: Uint8Array;
  /**
   * Fingerprint of the raw poses of the whole episode; null of one that is not verified: it came from
   * elsewhere, and replaying its commands does not give its frames.
   */
  readonly replayHash: string | null;
  /** What stepped it; null of one that is not verified. */
  readonly physics: { readonly package: string; readonly version: string } | null;
}
