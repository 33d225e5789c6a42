import { createShelf, type Shelf } from '../../client/features/record/shelf.ts';

/** A browser's storage and locks, in which pages come and go. */
export interface FakeBrowser {
  /** By key, as they lie there. */
  readonly stored: Map<string, string>;
  /** Characters that fit in. */
  room: number;
  /** The shelf of a page of its own, and what ends the page. */
  page(): { readonly shelf: Shelf; leave(): void };
}

/** @param withLocks false for an address that browsers give none to */
export function fakeBrowser({ withLocks = true } = {}): FakeBrowser {
  const stored = new Map<string, string>();
  const holders = new Map<string, { readonly ended: Promise<void> }>();
  const browser: FakeBrowser = {
    stored,
    room: 5_000_000,
    page() {
      let leave = () => {};
      const ended = new Promise<void>((resolve) => {
        leave = resolve;
      });
      const request = async (name: string, ...args: unknown[]) => {
        const given = args.at(-1) as () => unknown;
        const { signal } = (args.length > 1 ? args[0] : {}) as { signal?: AbortSignal };
        const aborted = new Promise<never>((_, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason));
        });
        // Nobody waits for it where the lock was free.
        aborted.catch(() => undefined);
        for (let held = holders.get(name); held; held = holders.get(name)) {
          await Promise.race([held.ended, aborted]);
        }
        const value = Promise.race([ended, Promise.resolve(given())]);
        holders.set(name, { ended: value.then(() => {}) });
        void value.then(() => holders.delete(name));
        return await value;
      };
      const shelf = createShelf({
        storage: () => ({
          get length() {
            return stored.size;
          },
          key: (i) => [...stored.keys()][i] ?? null,
          getItem: (key) => stored.get(key) ?? null,
          setItem(key, value) {
            const others = [...stored].filter(([other]) => other !== key);
            const taken = others.reduce((sum, [, text]) => sum + text.length, 0);
            if (taken + value.length > browser.room) throw new DOMException('', 'QuotaExceeded');
            stored.set(key, value);
          },
          removeItem: (key) => void stored.delete(key),
        }),
        // The shelf asks for locks in these two ways alone.
        locks: withLocks ? ({ request } as unknown as Pick<LockManager, 'request'>) : undefined,
      });
      return { shelf, leave };
    },
  };
  return browser;
}
