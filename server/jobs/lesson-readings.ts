import type {
  ActionsRequest,
  DemonstratedActions,
  NoiseLevels,
  NoiseLevelsRequest,
} from '../protocol/lesson.ts';
import type { Workspace } from '../storage/workspace.ts';
import { startWork } from './process.ts';
import { Readings } from './readings.ts';

/** What the lesson asks of datasets and policies, one reading after the other in child processes. */
export class LessonReadings {
  readonly #workspace: Workspace;
  readonly #readings = new Readings('lesson');

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  /** @throws ProtocolError 'busy' where too many wait; what `readActions` throws */
  actions(request: ActionsRequest): Promise<DemonstratedActions> {
    const { place } = this.#workspace;
    return this.#readings.take(() => startWork('actions', { place, request }).result);
  }

  /** @throws ProtocolError 'busy' where too many wait; what `measureNoiseLevels` throws */
  noiseLevels(request: NoiseLevelsRequest): Promise<NoiseLevels> {
    const { place } = this.#workspace;
    const background = { background: true };
    return this.#readings.take(
      () => startWork('noise-levels', { place, request }, undefined, background).result,
    );
  }
}
