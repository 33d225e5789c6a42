import { batch, effect, type ReadonlySignal, signal } from '@preact/signals';
import type { ErrorReport, RecordingAccepted } from '../../../server/protocol/index.ts';
import { type Connection, RequestError, reportOf } from '../../shared/link/connection.ts';
import type { FinishedRecording } from './recorder.ts';
import type { Shelf } from './shelf.ts';

/** A demonstration that the server does not have yet. */
export interface Unsaved {
  readonly key: number;
  readonly dataset: string;
  /** Of a correction: whose demonstrations that begins with where it is new. */
  readonly beginWith: string | null;
  readonly finished: FinishedRecording;
  readonly saving: boolean;
  readonly error: ErrorReport | null;
  /** Where the browser keeps it. */
  readonly kept: string;
  /** It comes from a page that is gone. */
  readonly restored: boolean;
}

/** Recordings on their way to the server. */
export interface Uploads {
  /** There is a server, which takes recordings. */
  readonly keeps: boolean;
  readonly unsaved: ReadonlySignal<readonly Unsaved[]>;
  /** What the server took last. */
  readonly accepted: ReadonlySignal<RecordingAccepted | null>;
  /** Saved since the page was opened. */
  readonly savedCount: ReadonlySignal<number>;
  /** What was dropped last, while it can be taken back. */
  readonly dropped: ReadonlySignal<Unsaved | null>;
  /** Sends one, and keeps it in the browser until the server has it. */
  add(what: Upload): void;
  /**
   * One that a page has left which is gone.
   *
   * @param waits until a person says so; else it goes as soon as there is a connection
   */
  restore(kept: string, what: Upload, waits: boolean): void;
  /** @param dataset where to save it this time */
  retry(key: number, dataset: string): void;
  drop(key: number): void;
  takeBack(): void;
}

/** A recording, and where it goes. */
export interface Upload {
  readonly dataset: string;
  readonly finished: FinishedRecording;
  readonly beginWith: string | null;
  /** Where the browser keeps it already. @default nowhere yet */
  readonly kept?: string | null;
}

export function createUploads(connection: Connection, shelf: Shelf): Uploads {
  const unsaved = signal<readonly Unsaved[]>([]);
  const accepted = signal<RecordingAccepted | null>(null);
  const savedCount = signal(0);
  const dropped = signal<Unsaved | null>(null);
  const offline = new Set<number>();
  let nextKey = 1;

  function change(key: number, update: Partial<Unsaved>): void {
    unsaved.value = unsaved.value.map((each) => (each.key === key ? { ...each, ...update } : each));
  }

  async function upload({ key, dataset, finished, beginWith, kept }: Unsaved): Promise<void> {
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
      shelf.remove(kept);
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

  function keep({ kept, dataset, beginWith, finished }: Unsaved): void {
    shelf.put(kept, { kind: 'finished', dataset, beginWith, finished });
  }

  return {
    keeps: connection.offers('record:save'),
    unsaved,
    accepted,
    savedCount,
    dropped,
    add({ dataset, finished, beginWith, kept }) {
      const entry: Unsaved = {
        ...{ key: nextKey++, dataset, beginWith, finished, saving: true, error: null },
        kept: kept ?? shelf.name(),
        restored: false,
      };
      keep(entry);
      unsaved.value = [...unsaved.value, entry];
      void upload(entry);
    },
    restore(kept, { dataset, finished, beginWith }, waits) {
      const entry: Unsaved = {
        ...{ key: nextKey++, dataset, beginWith, finished, saving: false, error: null },
        ...{ kept, restored: true },
      };
      keep(entry);
      unsaved.value = [...unsaved.value, entry];
      if (waits) return;
      if (connection.status.peek() === 'online') void upload(entry);
      else offline.add(entry.key);
    },
    retry(key, dataset) {
      const entry = unsaved.value.find((each) => each.key === key);
      if (!entry || entry.saving) return;
      change(key, { dataset });
      keep({ ...entry, dataset });
      void upload({ ...entry, dataset });
    },
    drop(key) {
      const entry = unsaved.value.find((each) => each.key === key);
      if (!entry || entry.saving) return;
      offline.delete(key);
      shelf.remove(entry.kept);
      batch(() => {
        dropped.value = entry;
        unsaved.value = unsaved.value.filter((each) => each.key !== key);
      });
    },
    takeBack() {
      const entry = dropped.value;
      if (!entry) return;
      keep(entry);
      batch(() => {
        dropped.value = null;
        unsaved.value = [...unsaved.value, entry];
      });
    },
  };
}
