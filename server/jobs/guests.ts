import { reportError } from '../error-report.ts';
import type { Guest } from '../protocol/policy-servers.ts';
import { describePolicy } from '../storage/open-policy.ts';
import type { ActingPlace } from '../storage/sources.ts';

/** Policy servers that this program was started with: what they say of themselves, asked again as pages come. */
export class Guests {
  readonly #place: ActingPlace;
  readonly #onChange: (guests: readonly Guest[]) => void;
  readonly #known: Map<string, Guest>;
  /** Those that have been asked and have not answered yet. */
  readonly #asked = new Set<string>();

  /** @param onChange called after one has answered otherwise than before */
  constructor(place: ActingPlace, onChange: (guests: readonly Guest[]) => void) {
    this.#place = place;
    this.#onChange = onChange;
    const urls = place.place.policyServers?.urls ?? [];
    this.#known = new Map(urls.map((url) => [url, { url, about: null, problem: null }]));
  }

  /** In the order they were given. */
  get all(): readonly Guest[] {
    return [...this.#known.values()];
  }

  /** Asks each, unless it is being asked. Nobody waits for it: `onChange` says what came of it. */
  refresh(): void {
    for (const url of this.#known.keys()) if (!this.#asked.has(url)) void this.#ask(url);
  }

  async #ask(url: string): Promise<void> {
    this.#asked.add(url);
    const guest = await this.#look(url);
    this.#asked.delete(url);
    if (JSON.stringify(guest) === JSON.stringify(this.#known.get(url))) return;
    this.#known.set(url, guest);
    this.#onChange(this.all);
  }

  async #look(url: string): Promise<Guest> {
    try {
      const { name, task, controlHz, abilities } = await describePolicy(this.#place, {
        kind: 'server',
        url,
      });
      const { picture, noise: stochastic } = abilities;
      return { url, about: { name, task, controlHz, picture, stochastic }, problem: null };
    } catch (error) {
      const report = reportError(error);
      if (report.code === 'internal') console.error(error);
      // What it was is still known, for who has it in a view.
      return { url, about: this.#known.get(url)?.about ?? null, problem: report.message };
    }
  }
}
