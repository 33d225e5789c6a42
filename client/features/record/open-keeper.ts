import type { ReadonlySignal } from '@preact/signals';
import type { StageTask } from '../../shared/tasks/stage-tasks.ts';
import type { Asking } from './asking.ts';
import type { KeptOpen } from './kept-take.ts';
import { RECORD_HZ } from './recorder.ts';
import type { Shelf } from './shelf.ts';
import type { Take } from './take.ts';
import type { Taken } from './taken.ts';

/** How often an attempt under way is written, s: what is lost when a browser dies. */
const PERIOD = 1;

/** What would be missed of an attempt: more than a second of a person's own, or one that is done. */
export function isMissed({ phase, recorder: { steps, before } }: Take): boolean {
  return steps - before > RECORD_HZ || (phase === 'done' && steps > before);
}

/** What is known of the attempt under way besides itself. */
export interface OpenContext {
  readonly task: ReadonlySignal<StageTask>;
  readonly taken: ReadonlySignal<Taken | null>;
  readonly dataset: ReadonlySignal<string>;
  readonly asking: Asking;
}

function openTake(
  { recorder, phase }: Take,
  { task, taken, dataset, asking }: OpenContext,
): KeptOpen {
  const { commands, before, spansBefore: spans, initial, seed } = recorder;
  return {
    ...{ kind: 'open', at: Date.now(), task: task.peek(), initial, seed, commands },
    ...{ before, spans, done: phase === 'done' },
    dataset: taken.peek()?.dataset ?? dataset.peek(),
    beginWith: taken.peek()?.beginWith ?? null,
    ...{ demand: asking.demand.peek(), session: asking.session, plan: asking.plan().mark },
  };
}

/** Keeps the attempt under way in the browser, so that a reload does not lose it. */
export class OpenKeeper {
  readonly #shelf: Shelf;
  #name: string | null = null;
  #written = 0;
  #kept = '';

  constructor(shelf: Shelf) {
    this.#shelf = shelf;
  }

  /** The attempt under way lies there already. */
  goOnWith(name: string): void {
    this.#name = name;
  }

  /**
   * Writes an attempt where it has grown: at most once a period, but when everything holds.
   *
   * @param context what it was asked for, and where it goes
   */
  keep(take: Take, context: OpenContext): void {
    const now = Date.now();
    const resting = take.phase !== 'recording';
    const state = `${take.recorder.steps} ${take.phase === 'done'}`;
    if (!isMissed(take) || state === this.#kept) return;
    if (!resting && now - this.#written < 1000 * PERIOD) return;
    this.#name ??= this.#shelf.name();
    this.#shelf.put(this.#name, openTake(take, context));
    this.#written = now;
    this.#kept = state;
  }

  /** It need not be kept any more. */
  drop(): void {
    const name = this.release();
    if (name !== null) this.#shelf.remove(name);
  }

  /** Leaves it to somebody else. @returns where it lies; null where it was not kept */
  release(): string | null {
    const name = this.#name;
    this.#name = null;
    this.#kept = '';
    return name;
  }
}
