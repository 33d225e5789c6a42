import { ACTION_DIM } from '../../sim/index.ts';
import type { CommandsUntil, Span } from '../protocol/takeover-commands.ts';
import { KeptEpisodes } from './kept-episodes.ts';

/** What was done in one view of an episode. */
interface Commanded {
  readonly commands: Float32Array[];
  spans: readonly Span[];
  /** By control step of the stage, the first from 0 on. */
  parts: readonly Part[];
}

/** A part of an episode without a takeover. */
interface Part {
  /** Control step of the stage it begins at. */
  readonly since: number;
  /** Commands until then less control steps, as the stage held still while persons acted. */
  readonly ahead: number;
  /** Commands of it that still stand: a person has put others in the place of those after. */
  readonly end: number;
}

/** The commands of a stage's last episodes: whoever has them has the state, to the bit. */
export class CommandLog {
  readonly #kept = new KeptEpisodes<Commanded>();

  /** Another episode begins. */
  begin(episodeId: number, lanes: number): void {
    const all = { since: 0, ahead: 0, end: Number.POSITIVE_INFINITY };
    this.#kept.begin(episodeId, lanes, () => ({ commands: [], spans: [], parts: [all] }));
  }

  add(episodeId: number, lane: number, command: Float32Array): void {
    this.#kept.of(episodeId, lane)?.commands.push(command.slice());
  }

  /**
   * What a person did stands in the place of all that was commanded after a moment.
   *
   * @param moment control step of the stage
   * @param from commands before that
   * @param rows f32 [n, 8]
   * @param step of the stage, which goes on from there
   */
  replace(
    { episodeId, lane, step: moment }: { episodeId: number; lane: number; step: number },
    { from, rows, step }: { from: number; rows: Float32Array; step: number },
  ): void {
    const kept = this.#kept.of(episodeId, lane);
    if (!kept) return;
    const count = rows.length / ACTION_DIM;
    const made = Array.from({ length: count }, (_, t) =>
      rows.slice(t * ACTION_DIM, (t + 1) * ACTION_DIM),
    );
    kept.spans = [...spansUntil(kept.spans, from), [from, from + count]];
    kept.commands.splice(from, kept.commands.length, ...made);
    const [before, ...earlier] = kept.parts.filter(({ since }) => since <= moment).reverse();
    kept.parts = [
      ...earlier.reverse(),
      { ...before, end: from },
      { since: step, ahead: kept.commands.length - step, end: Number.POSITIVE_INFINITY },
    ];
  }

  /**
   * Until a control step of the stage, or the end of what there is; null where nothing of it is kept,
   * and where a person has put something else in its place.
   */
  until(episodeId: number, lane: number, step: number): CommandsUntil | null {
    const kept = this.#kept.of(episodeId, lane);
    if (!kept) return null;
    const part = kept.parts.findLast(({ since }) => since <= step) ?? kept.parts[0];
    const end = Math.max(0, Math.min(kept.commands.length, step + part.ahead));
    if (end > part.end) return null;
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
