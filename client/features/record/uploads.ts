import { batch, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { ErrorReport, RecordingAccepted } from '../../../server/protocol/index.ts';
import { type Connection, RequestError, reportOf } from '../../shared/link/connection.ts';
import type { FinishedRecording } from './recorder.ts';

/** A demonstration that the server does not have yet. */
export interface Unsaved {
  readonly key: number;
  readonly dataset: string;
  /** Of a correction: whose demonstrations that begins with where it is new. */
  readonly beginWith: string | null;
  readonly finished: FinishedRecording;
  readonly saving: boolean;
  readonly error: ErrorReport | null;
}

/** Recordings on their way to the server. */
export interface Uploads {
  readonly unsaved: ReadonlySignal<readonly Unsaved[]>;
  /** What the server took last. */
  readonly accepted: ReadonlySignal<RecordingAccepted | null>;
  /** Saved since the page was opened. */
  readonly savedCount: ReadonlySignal<number>;
  add(dataset: string, finished: FinishedRecording, beginWith?: string | null): void;
  /** @param dataset where to save it this time */
  retry(key: number, dataset: string): void;
  drop(key: number): void;
}

export function createUploads(connection: Connection): Uploads {
  const unsaved = signal<readonly Unsaved[]>([]);
  const accepted = signal<RecordingAccepted | null>(null);
  const savedCount = signal(0);
  const offline = new Set<number>();
  let nextKey = 1;

  function change(key: number, update: Partial<Unsaved>): void {
    unsaved.value = unsaved.value.map((each) => (each.key === key ? { ...each, ...update } : each));
  }

  async function upload({ key, dataset, finished, beginWith }: Unsaved): Promise<void> {
    change(key, { saving: true, error: null });
    try {
      const recording = {
        ...finished.recording,
        dataset,
        ...(beginWith !== null && { beginWith }),
      };
      const answer = await connection.saveRecording(recording, finished.commands);
      batch(() => {
        accepted.value = answer;
        savedCount.value++;
        unsaved.value = unsaved.value.filter((each) => each.key !== key);
      });
    } catch (error) {
      const waits = error instanceof RequestError && error.code === 'offline';
      change(key, { saving: false, error: reportOf(error) });
      // Nothing is wrong with it: it goes as soon as there is a connection.
      if (waits) offline.add(key);
    }
  }

  effect(() => {
    if (connection.status.value !== 'online') return;
    for (const each of unsaved.peek()) if (offline.delete(each.key)) void upload(each);
  });

  return {
    unsaved,
    accepted,
    savedCount,
    add(dataset, finished, beginWith = null) {
      const entry = { key: nextKey++, dataset, beginWith, finished, saving: true, error: null };
      unsaved.value = [...unsaved.value, entry];
      void upload(entry);
    },
    retry(key, dataset) {
      const entry = unsaved.value.find((each) => each.key === key);
      if (!entry || entry.saving) return;
      change(key, { dataset });
      void upload({ ...entry, dataset });
    },
    drop(key) {
      unsaved.value = unsaved.value.filter((each) => each.key !== key);
    },
  };
}
