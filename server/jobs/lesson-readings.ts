import { ProtocolError } from '../protocol/errors.ts';
import type {
  ActionsRequest,
  DemonstratedActions,
  NoiseLevels,
  NoiseLevelsRequest,
} from '../protocol/lesson.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { Workspace } from '../storage/workspace.ts';
import { startWork } from './process.ts';
import { Turns } from './turns.ts';

/** What the lesson asks of datasets and policies, one reading after the other in child processes. */
export class LessonReadings {
  readonly #workspace: Workspace;
  readonly #turns = new Turns();
  #waiting = 0;

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** @throws ProtocolError 'busy' where too many wait; what `readActions` throws */
  actions(request: ActionsRequest): Promise<DemonstratedActions> {
    const { place } = this.#workspace;
    return this.#take(() => startWork('actions', { place, request }).result);
  }

  /** @throws ProtocolError 'busy' where too many wait; what `measureNoiseLevels` throws */
  noiseLevels(request: NoiseLevelsRequest): Promise<NoiseLevels> {
    const { place } = this.#workspace;
    const background = { background: true };
    return this.#take(
      () => startWork('noise-levels', { place, request }, undefined, background).result,
    );
  }

  async #take<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= LIMITS.queuedReadings) {
      throw new ProtocolError(
        'busy',
        `lesson: expected at most ${LIMITS.queuedReadings} readings at once; ask again in a moment`,
      );
    }
    this.#waiting++;
    try {
      return await this.#turns.take(work);
    } finally {
      this.#waiting--;
    }
  }
}
