import { batch, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { MOST_OWN } from './captions.ts';
import type { Drawn, FromWorker, OwnCat, Step, ToWorker, Verdict } from './messages.ts';

/** Drawings that are kept to look back at; of more every second one goes. */
const KEPT = 48;
/** Of all data at most so much is one's own. */
export const MOST_SHARE = 0.5;

/** What is known of the training in the page, and what can be asked of it. */
export interface LiveState {
  readonly seed: Signal<number>;
  readonly playing: ReadonlySignal<boolean>;
  /** A training was asked for, and nothing has been heard of it yet. */
  readonly preparing: ReadonlySignal<boolean>;
  /** As the worker names it; null before it has begun. */
  readonly engine: ReadonlySignal<string | null>;
  readonly guidance: Signal<number>;
  /** Some of the data, [n, 16, 16, 3] bytes. */
  readonly data: ReadonlySignal<Uint8Array | null>;
  readonly steps: ReadonlySignal<readonly Step[]>;
  /** Steps a second; null before any. */
  readonly rate: ReadonlySignal<number | null>;
  /** Oldest first. */
  readonly drawings: ReadonlySignal<readonly Drawn[]>;
  /** After how many steps the one was drawn that is looked at; null for the newest. */
  readonly lookedAt: Signal<number | null>;
  /** Oldest first: before, then as training went on. */
  readonly verdicts: ReadonlySignal<readonly Verdict[]>;
  readonly own: ReadonlySignal<readonly OwnCat[]>;
  readonly error: ReadonlySignal<string | null>;
  /** Begins where nothing has begun; otherwise goes on, or holds. */
  toggle(): void;
  /** From nothing, with the present seed. */
  restart(): void;
  /** Whether another that is such a part of the data can be learnt beside those there are. */
  hasRoom(share: number): boolean;
  /** Nothing where there is no room. */
  add(cat: OwnCat): void;
  remove(index: number): void;
  hear(message: FromWorker): void;
}

/** @param tell reaches the worker that trains, which need not be there before it is first told to begin */
export function createLiveState(tell: (message: ToWorker) => void): LiveState {
  const seed = signal(0);
  const playing = signal(false);
  const preparing = signal(false);
  const engine = signal<string | null>(null);
  const guidance = signal(1.5);
  const data = signal<Uint8Array | null>(null);
  const steps = signal<readonly Step[]>([]);
  const rate = signal<number | null>(null);
  const drawings = signal<readonly Drawn[]>([]);
  const lookedAt = signal<number | null>(null);
  const verdicts = signal<readonly Verdict[]>([]);
  const own = signal<readonly OwnCat[]>([]);
  const error = signal<string | null>(null);
  let training = 0;

  const begin = () =>
    batch(() => {
      training++;
      preparing.value = true;
      playing.value = true;
      data.value = null;
      steps.value = [];
      rate.value = null;
      drawings.value = [];
      lookedAt.value = null;
      verdicts.value = [];
      error.value = null;
      // A worker that has just been opened knows nothing yet.
      tell({ kind: 'guide', guidance: guidance.peek() });
      tell({ kind: 'own', own: own.peek() });
      tell({ kind: 'play', playing: true });
      tell({ kind: 'begin', training, seed: seed.peek() });
    });
  const hasRoom = (share: number) => {
    const all = own.value.reduce((sum, each) => sum + each.share, share);
    // Shares are tenths and twentieths, whose sums are not exact.
    return own.value.length < MOST_OWN && all <= MOST_SHARE + 1e-9;
  };
  const tellOnceBegun = (message: ToWorker) => {
    if (training > 0) tell(message);
  };
  effect(() => tellOnceBegun({ kind: 'play', playing: playing.value }));
  effect(() => tellOnceBegun({ kind: 'guide', guidance: guidance.value }));
  effect(() => tellOnceBegun({ kind: 'own', own: own.value }));

  return {
    seed,
    playing,
    preparing,
    engine,
    guidance,
    data,
    steps,
    rate,
    drawings,
    lookedAt,
    verdicts,
    own,
    error,
    toggle() {
      if (training === 0 || error.value !== null) begin();
      else playing.value = !playing.value;
    },
    restart: begin,
    hasRoom,
    add(cat) {
      if (hasRoom(cat.share)) own.value = [...own.value, cat];
    },
    remove(index) {
      own.value = own.value.filter((_, i) => i !== index);
    },
    hear(message) {
      if (message.kind === 'failed') {
        batch(() => {
          preparing.value = false;
          playing.value = false;
          error.value = message.message;
        });
        return;
      }
      // What is said of an earlier training comes too late.
      if (message.training !== training) return;
      batch(() => {
        switch (message.kind) {
          case 'begun':
            preparing.value = false;
            engine.value = message.engine;
            data.value = message.data;
            break;
          case 'progress':
            steps.value = [...steps.value, ...message.steps];
            rate.value = message.rate;
            break;
          case 'drawn':
            drawings.value = kept([...drawings.value, message.drawn]);
            break;
          case 'judged':
            verdicts.value = kept([...verdicts.value, message.verdict]);
            break;
        }
      });
    },
  };
}

/** So many at most: the first and the last stay, of those between every second one. */
function kept<T>(all: readonly T[]): readonly T[] {
  if (all.length <= KEPT) return all;
  return all.filter((_, i) => i % 2 === 0 || i === all.length - 1);
}
