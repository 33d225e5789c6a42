import { modeNames, type Task } from '../../../sim/tasks/task.ts';

/** One way to fulfil a task. */
export interface Behaviour {
  /** Null in a task in which there is no choice of one. */
  readonly object: string | null;
  /** One of the task's modes. */
  readonly mode: string;
}

/** Everything that may be shown from a start: each object by each mode, in the order in which they are suggested. */
export function behavioursOf(task: Task): readonly Behaviour[] {
  const objects = task.language ? task.objectNames : [null];
  return objects.flatMap((object) => modeNames(task).map((mode) => ({ object, mode })));
}

/** Where a plan of starts was, for `rewind`. */
export interface PlanMark {
  readonly index: number;
  readonly suggested: number;
  readonly shown: readonly number[];
  readonly saved: number;
}

/**
 * Which start comes next, and what to show from it. Each start is offered once for every behaviour:
 * only then do demonstrations disagree about the same situation, which is what the policies are
 * compared on. Starts that differ by behaviour would give it away.
 */
export class StartPlan {
  readonly #behaviours: readonly Behaviour[];
  #mark: PlanMark = { index: 0, suggested: 0, shown: [], saved: 0 };

  /** @param behaviours in the order in which they are suggested */
  constructor(behaviours: readonly Behaviour[]) {
    this.#behaviours = behaviours;
  }

  /** Number of the start. */
  get index(): number {
    return this.#mark.index;
  }

  get suggested(): Behaviour {
    return this.#behaviours[this.#mark.suggested];
  }

  /** Something else has been shown from this start already. */
  get again(): boolean {
    return this.#mark.saved > 0;
  }

  /** @param shown the behaviour that the saved demonstration showed; null where it showed none */
  saved(shown: Behaviour | null): void {
    const which = this.#behaviours.findIndex(
      ({ object, mode }) => object === shown?.object && mode === shown.mode,
    );
    const { saved } = this.#mark;
    const all = this.#behaviours.length;
    if (which < 0 || saved + 1 >= all) {
      this.skip();
      return;
    }
    const done = [...this.#mark.shown, which];
    const next = this.#behaviours
      .map((_, i) => (this.#mark.suggested + i) % all)
      .find((i) => !done.includes(i));
    this.#mark = {
      ...this.#mark,
      shown: done,
      saved: saved + 1,
      suggested: next ?? this.#mark.suggested,
    };
  }

  /** Goes on to another start. */
  skip(): void {
    this.#mark = { ...this.#mark, index: this.#mark.index + 1, shown: [], saved: 0 };
  }

  /** Begins its next start at another number, with another behaviour first. */
  goOnAt(index: number, suggested: number): void {
    this.#mark = { ...this.#mark, index, suggested };
  }

  /** In the order in which they are suggested. */
  get behaviours(): readonly Behaviour[] {
    return this.#behaviours;
  }

  get mark(): PlanMark {
    return this.#mark;
  }

  /** Goes back to where it was. */
  rewind(mark: PlanMark): void {
    this.#mark = mark;
  }
}
