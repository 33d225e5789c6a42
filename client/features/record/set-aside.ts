import type { StageTask } from '../../shared/tasks/stage-tasks.ts';
import type { Demand } from './demand.ts';
import type { PlanMark } from './starts.ts';
import type { Take } from './take.ts';

/** Attempts that can be taken back; each keeps a world of its own. */
const KEPT = 5;

/** An attempt that was thrown away, with all that brings it back as it was. */
export interface SetAside {
  readonly task: StageTask;
  readonly take: Take;
  readonly demand: Demand;
  readonly plan: PlanMark;
}

/** Attempts that were thrown away, the last ones of them. */
export class SetAsideTakes {
  #kept: readonly SetAside[] = [];

  /** The one thrown away last in a task. */
  last(task: StageTask): SetAside | null {
    return this.#kept.findLast((each) => each.task === task) ?? null;
  }

  /** Takes the world over; frees the one thrown away longest ago where there are too many. */
  put(entry: SetAside): void {
    entry.take.rest();
    const all = [...this.#kept, entry];
    for (const { take } of all.slice(0, -KEPT)) take.free();
    this.#kept = all.slice(-KEPT);
  }

  /** Gives back the one thrown away last in a task. */
  pop(task: StageTask): SetAside | null {
    const entry = this.last(task);
    this.#kept = this.#kept.filter((each) => each !== entry);
    return entry;
  }
}
