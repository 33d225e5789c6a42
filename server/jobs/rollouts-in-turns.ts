import type { GridCell, GridResult } from '../evaluation/evaluate.ts';
import type { Turns } from '../evaluation/evaluation.ts';
import type { EvaluationInput } from '../evaluation/input.ts';
import { type RolledOut, type RolloutOptions, rollOutInParallel } from './rollouts.ts';

/**
 * Rolls policies out over the same cells a few at a time, each for as long as it is to go on. A rollout
 * is the same whichever turn it is in.
 *
 * @returns of each input its results over the first cells
 * @throws ProtocolError 'conflict' where the signal aborts
 * @cost each turn starts processes of its own, which takes as long as ten rollouts
 */
export async function rollOutInTurns(
  inputs: readonly EvaluationInput[],
  cells: readonly GridCell[],
  { looks, goOn }: Turns,
  { onProgress = () => {}, ...options }: RolloutOptions,
): Promise<RolledOut> {
  const results = inputs.map((): GridResult[] => []);
  let engine = '';
  let taken = 0;
  let from = 0;
  for (const look of looks) {
    const going = goOn(results);
    const acting = inputs.flatMap((input, i) => (going[i] ? [{ input, results: results[i] }] : []));
    if (acting.length === 0) break;
    const before = taken;
    const turn = await rollOutInParallel(
      acting.map(({ input }) => input),
      cells.slice(from, look),
      { ...options, onProgress: (ended) => onProgress(before + ended) },
    );
    acting.forEach((each, i) => {
      each.results.push(...turn.results[i]);
    });
    engine = turn.engine;
    taken += acting.length * (look - from);
    from = look;
  }
  return { results, engine };
}
