import { ACTION_DIM } from '../../sim/index.ts';
import type { CommandsUntil, Span } from '../protocol/takeover-commands.ts';

/** What was done in one view of an episode. */
interface Commanded {
  readonly commands: Float32Array[];
  spans: readonly Span[];
  /** Commands of it less control steps of the stage, which held still while a person acted. */
  ahead: number;
}

/** Episodes of which it is kept: the one under way, and the one before. */
const EPISODES = 2;

/** The commands of a stage's last episodes: whoever has them has the state, to the bit. */
export class CommandLog {
  /** By episode, the oldest first; by lane. */
  readonly #episodes = new Map<number, Commanded[]>();

  /** Another episode begins. */
  begin(episodeId: number, lanes: number): void {
    const empty = () => ({ commands: [], spans: [], ahead: 0 });
    this.#episodes.set(episodeId, Array.from({ length: lanes }, empty));
    for (const id of this.#episodes.keys()) {
      if (this.#episodes.size > EPISODES) this.#episodes.delete(id);
    }
  }

  add(episodeId: number, lane: number, command: Float32Array): void {
    this.#episodes.get(episodeId)?.[lane]?.commands.push(command.slice());
  }

  /**
   * What a person did stands in the place of all that was commanded after it began.
   *
   * @param from commands before that
   * @param rows f32 [n, 8]
   * @param step of the stage, which goes on from there
   */
  replace(
    { episodeId, lane }: { episodeId: number; lane: number },
    { from, rows, step }: { from: number; rows: Float32Array; step: number },
  ): void {
    const kept = this.#episodes.get(episodeId)?.[lane];
    if (!kept) return;
    const count = rows.length / ACTION_DIM;
    const made = Array.from({ length: count }, (_, t) =>
      rows.slice(t * ACTION_DIM, (t + 1) * ACTION_DIM),
    );
    kept.spans = [...spansUntil(kept.spans, from), [from, from + count]];
    kept.commands.splice(from, kept.commands.length, ...made);
    kept.ahead = kept.commands.length - step;
  }

  /** Until a control step of the stage, or the end of what there is; null where nothing is kept. */
  until(episodeId: number, lane: number, step: number): CommandsUntil | null {
    const kept = this.#episodes.get(episodeId)?.[lane];
    if (!kept) return null;
    const end = Math.max(0, Math.min(kept.commands.length, step + kept.ahead));
    const commands = new Float32Array(end * ACTION_DIM);
    for (const [t, command] of kept.commands.slice(0, end).entries()) {
      commands.set(command, t * ACTION_DIM);
    }
    return { commands, spans: spansUntil(kept.spans, end) };
  }
}

function spansUntil(spans: readonly Span[], end: number): Span[] {
  return spans.flatMap(([from, to]): Span[] => (from < end ? [[from, Math.min(to, end)]] : []));
}
