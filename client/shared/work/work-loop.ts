/** What there is to do, and how some of it is done. */
export interface Rounds {
  isWanted(): boolean;
  perform(): Promise<void>;
  /** A round failed: what failed once would fail again, so that it must not be wanted any more. */
  onFailure(error: unknown): void;
}

/** Works in rounds while something is wanted; whatever is told between two of them counts for the next. */
export class WorkLoop {
  readonly #rounds: Rounds;
  readonly #rest: () => Promise<void>;
  #working = false;

  /** @param rest lets messages arrive */
  constructor(rounds: Rounds, rest: () => Promise<void>) {
    this.#rounds = rounds;
    this.#rest = rest;
  }

  /** Something may be wanted now. */
  wake(): void {
    if (this.#working || !this.#rounds.isWanted()) return;
    this.#working = true;
    this.#work()
      .catch((error: unknown) => this.#rounds.onFailure(error))
      .finally(() => {
        this.#working = false;
        // What it was told in its last moment.
        this.wake();
      });
  }

  async #work(): Promise<void> {
    while (this.#rounds.isWanted()) {
      await this.#rounds.perform();
      await this.#rest();
    }
  }
}
