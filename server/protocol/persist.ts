/** How long a server that does not answer is asked again. */
export interface Patience {
  /** From the first failure on after which none is tried again, ms. */
  readonly patienceMs: number;
  /** Between tries, ms: doubled from the least to the most, and not the same for all who wait. */
  readonly pause: { readonly least: number; readonly most: number };
  /** Whether the same may go well in a moment. */
  passes(error: unknown): boolean;
  /** Told of each failure after which it is tried again. */
  onTrouble(error: unknown): void;
}

/**
 * Does something again until it goes well, where that can be hoped for.
 *
 * @throws the last error, as it was thrown
 */
export async function persist<T>(
  action: () => Promise<T>,
  { patienceMs, pause: { least, most }, passes, onTrouble }: Patience,
): Promise<T> {
  const began = performance.now();
  for (let pause = least; ; pause = Math.min(2 * pause, most)) {
    try {
      return await action();
    } catch (error) {
      if (!passes(error) || performance.now() - began > patienceMs) throw error;
      onTrouble(error);
      const ms = pause * (0.5 + Math.random());
      await new Promise((resolve) => setTimeout(resolve, ms));
    }
  }
}
