import { LIMITS } from '../../../server/protocol/limits.ts';
import { ACTION_DIM, type Rapier } from '../../../sim/index.ts';
import { type StageTask, taskOf } from '../../shared/tasks/stage-tasks.ts';
import type { KeptOpen } from './kept-take.ts';
import type { SetAsideTakes } from './set-aside.ts';
import type { Shelf } from './shelf.ts';
import { Take } from './take.ts';
import type { Uploads } from './uploads.ts';

/**
 * An attempt that was under way when its page went, in a world of its own.
 *
 * @throws SimError, PhysicsDivergedError where its commands lead nowhere
 * @cost 0.6 ms a control step of it
 */
export function restoreTake(rapier: Rapier, kept: KeptOpen): Take {
  const { task, initial, seed, commands, before, spans, done } = kept;
  return new Take({
    ...{ rapier, task: taskOf(task), initial, seed, maxSteps: LIMITS.recordingSteps },
    ...(before > 0 && { begun: { commands: commands.slice(0, before * ACTION_DIM), spans } }),
    resumed: { own: commands.slice(before * ACTION_DIM), done },
  });
}

/** What pages that are gone have left in the browser. */
export class LeftBehind {
  readonly #shelf: Shelf;
  readonly #uploads: Uploads;
  #open: readonly { readonly name: string; readonly kept: KeptOpen }[] = [];

  /**
   * Finished recordings are on their way to the server as soon as they are found.
   *
   * @param found something can be brought back
   */
  constructor(shelf: Shelf, uploads: Uploads, found: () => void) {
    this.#shelf = shelf;
    this.#uploads = uploads;
    void shelf.adopt((left) => {
      for (const { name, kept } of left) {
        if (kept.kind === 'open') this.#open = [...this.#open, { name, kept }];
        else uploads.restore(name, kept, false);
      }
      found();
    });
  }

  /**
   * Puts attempts that were under way to those that can be taken back; one that a policy began, which
   * is no longer at that moment, to those that can be saved.
   *
   * @returns the last one of a task, which is the last set aside there; null where there is none
   */
  bringBack(rapier: Rapier, task: StageTask, aside: SetAsideTakes): KeptOpen | null {
    let last: KeptOpen | null = null;
    for (const { name, kept } of [...this.#open].sort((a, b) => a.kept.at - b.kept.at)) {
      try {
        const take = restoreTake(rapier, kept);
        if (kept.before > 0 || !kept.demand) {
          take.end();
          this.#uploads.restore(name, { ...kept, finished: take.finish() }, true);
          take.free();
          continue;
        }
        aside.put({ task: kept.task, take, demand: kept.demand, plan: kept.plan });
        if (kept.task === task) last = kept;
      } catch {
        // Made by another version, whose physics this one does not have.
      }
      this.#shelf.remove(name);
    }
    this.#open = [];
    return last;
  }
}
