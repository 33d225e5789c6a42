import { checkRecording } from '../datasets/datasets.ts';
import type { Recording, RecordingAccepted } from '../protocol/datasets.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { Workspace } from '../storage/workspace.ts';
import type { DatasetCatalog } from './dataset-catalog.ts';
import { startWork } from './process.ts';
import { Turns } from './turns.ts';

/** Takes in what browsers recorded, one recording after the other. */
export class RecordingIntake {
  readonly #workspace: Workspace;
  readonly #catalog: DatasetCatalog;
  readonly #turns = new Turns();
  #waiting = 0;

  constructor(workspace: Workspace, catalog: DatasetCatalog) {
    this.#workspace = workspace;
    this.#catalog = catalog;
  }

  /**
   * Replays a recording in a child process and keeps it where it ends in the same state.
   *
   * @param commands f32 [T, 8]
   * @throws ProtocolError 'busy' where too many wait; what `acceptRecording` throws
   */
  async accept(recording: Recording, commands: Float32Array): Promise<RecordingAccepted> {
    // What cannot be one is not worth a process.
    checkRecording(recording, commands);
    if (this.#waiting >= LIMITS.queuedRecordings) {
      throw new ProtocolError(
        'busy',
        `recording: expected at most ${LIMITS.queuedRecordings} at once; save it again in a moment`,
      );
    }
    this.#waiting++;
    try {
      const input = { place: this.#workspace.place, recording, commands };
      const accepted = await this.#turns.take(() => startWork('accept', input).result);
      await this.#catalog.announce(accepted.dataset);
      return accepted;
    } finally {
      this.#waiting--;
    }
  }
}
