import type { PolicySource } from '../../../server/protocol/index.ts';
import type { CommandsUntil } from '../../../server/protocol/takeover-commands.ts';
import type { InitialState } from '../../../sim/index.ts';
import type { LaneId } from '../../shared/lanes/lanes.ts';
import type { StageTask } from '../../shared/tasks/stage-tasks.ts';

/** An attempt of a policy that a person has taken over: what brings its world back, and where it goes. */
export interface Taken {
  readonly lane: LaneId;
  /** What the policy is called, for people. */
  readonly name: string;
  readonly source: PolicySource;
  /** As the stage knows the moment. */
  readonly moment: { readonly episodeId: number; readonly lane: number; readonly step: number };
  readonly task: StageTask;
  /** Seed the start was drawn from; null where a person moved an object. */
  readonly seed: number | null;
  readonly initial: InitialState;
  /** All that was commanded until then. */
  readonly begun: CommandsUntil;
  /** Where the correction is saved. */
  readonly dataset: string;
  /** Whose demonstrations that begins with where it is new; null where they are not there. */
  readonly beginWith: string | null;
}
