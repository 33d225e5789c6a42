import { type ReadonlySignal, signal } from '@preact/signals';
import { type KeptTake, readKept, writeKept } from './kept-take.ts';

/** Where the browser keeps what must outlive a page. */
export interface ShelfParts {
  /** @throws where storage is forbidden or full */
  readonly storage: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>;
  /** Undefined in a browser, or at an address, that has none. */
  readonly locks: Pick<LockManager, 'request'> | undefined;
}

/** Recordings in the browser's storage: those of this page, and of pages that are gone. */
export interface Shelf {
  /** The last one could not be kept: it would not outlive the page. */
  readonly failing: ReadonlySignal<boolean>;
  /** @returns a name that is not taken */
  name(): string;
  put(name: string, kept: KeptTake): void;
  remove(name: string): void;
  /**
   * Takes over what pages have left that are gone, or soon will be: each is this page's from now on.
   *
   * @param take is given what one page has left, as soon as that is known to be gone
   */
  adopt(take: (left: readonly Left[]) => void): Promise<void>;
}

/** What a page has left, and where it lies. */
export interface Left {
  readonly name: string;
  readonly kept: KeptTake;
}

const PREFIX = 'forking-paths/take/';
/** Recordings of one page: those beyond are on the page alone. */
const MOST = 32;
/** A page that lives does not let go of its lock; one that has been left does, a slow machine's late; ms. */
const GONE_WITHIN = 30_000;

export const BROWSER_SHELF: ShelfParts = {
  storage: () => localStorage,
  locks: typeof navigator === 'undefined' ? undefined : navigator.locks,
};

/**
 * Each page keeps its recordings under a number of its own and holds a lock of that number as long as
 * it lives: whoever gets the lock of another knows that it is gone. Without locks all are thought to be
 * gone; what two pages then save twice the server keeps once.
 */
export function createShelf({ storage, locks }: ShelfParts): Shelf {
  const page = Math.floor(Math.random() * 2 ** 48).toString(36);
  const failing = signal(false);
  const mine = new Set<string>();
  let next = 0;

  const keyOf = (name: string) => `${PREFIX}${page}/${name}`;

  function newName(): string {
    return String(next++);
  }

  /** Pages that have left something, this one aside. */
  function others(): readonly string[] {
    try {
      const pages = keysFrom(storage(), PREFIX).map(
        (key) => key.slice(PREFIX.length).split('/')[0],
      );
      return [...new Set(pages)].filter((each) => each !== page);
    } catch {
      // Storage is forbidden: there is nothing, and what is recorded will say so.
      return [];
    }
  }

  function takeOver(from: string): readonly Left[] {
    const box = storage();
    const left: Left[] = [];
    for (const key of keysFrom(box, `${PREFIX}${from}/`).sort()) {
      const text = box.getItem(key) ?? '';
      const kept = readKept(text);
      box.removeItem(key);
      if (!kept) continue;
      const name = newName();
      // As long as it was: there is room for it where it lay.
      box.setItem(keyOf(name), text);
      mine.add(name);
      left.push({ name, kept });
    }
    return left;
  }

  async function leftBy(from: string): Promise<readonly Left[]> {
    try {
      if (!locks) return takeOver(from);
      const signal = AbortSignal.timeout(GONE_WITHIN);
      return await locks.request(PREFIX + from, { signal }, () => takeOver(from));
    } catch {
      // It lives, or storage has been forbidden meanwhile.
      return [];
    }
  }

  async function adopt(take: (left: readonly Left[]) => void): Promise<void> {
    await new Promise<void>((held) => {
      if (!locks) return held();
      // Never let go of: it ends with the page.
      const forever = () => {
        held();
        return new Promise(() => undefined);
      };
      // Where locks are refused, so is storage.
      locks.request(PREFIX + page, forever).catch(held);
    });
    await Promise.all(others().map(async (from) => take(await leftBy(from))));
  }

  return {
    failing,
    name: newName,
    put(name, kept) {
      try {
        if (mine.size >= MOST && !mine.has(name)) throw new Error(`more than ${MOST}`);
        storage().setItem(keyOf(name), writeKept(kept));
        mine.add(name);
        failing.value = false;
      } catch {
        failing.value = true;
      }
    },
    remove(name) {
      if (!mine.delete(name)) return;
      try {
        storage().removeItem(keyOf(name));
      } catch {
        // Forbidden meanwhile: whoever reads it later finds that the server has it.
      }
    },
    adopt,
  };
}

function keysFrom(box: Pick<Storage, 'key' | 'length'>, prefix: string): string[] {
  const keys = Array.from({ length: box.length }, (_, i) => box.key(i) ?? '');
  return keys.filter((key) => key.startsWith(prefix));
}
