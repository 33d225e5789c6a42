import type { TrainingWindows } from './windows.ts';

/** Windows in whose place others come once all of them have been seen so often. */
export interface RenewedWindows {
  /** Windows of a set. */
  readonly count: number;
  /** Epochs of a set. */
  readonly epochs: number;
  /** The windows of the n-th set, always the same ones. */
  set(n: number): Promise<TrainingWindows>;
}

/** The sets a training goes through, of which the present one is kept. */
export class WindowSets {
  readonly #windows: RenewedWindows;
  #present: { readonly n: number; readonly windows: TrainingWindows } | null = null;

  /** @param windows a single set, or one after the other */
  constructor(windows: TrainingWindows | RenewedWindows) {
    this.#windows =
      'set' in windows
        ? windows
        : { count: windows.count, epochs: Number.POSITIVE_INFINITY, set: async () => windows };
  }

  /** The set that a place of the endless sequence of epochs belongs to. */
  async at(place: number): Promise<TrainingWindows> {
    const { count, epochs } = this.#windows;
    const n = Math.floor(place / count / epochs);
    if (this.#present?.n !== n) this.#present = { n, windows: await this.#windows.set(n) };
    return this.#present.windows;
  }
}
