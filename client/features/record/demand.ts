import type { Task } from '../../../sim/index.ts';
import { drawInstruction } from '../../../sim/tasks/draw-instruction.ts';
import type { Behaviour } from './starts.ts';

/** What a demonstrator is asked for. */
export interface Demand {
  readonly behaviour: Behaviour;
  /** A sentence that fits the behaviour; null in a task without a language. */
  readonly instruction: string | null;
}

/**
 * A behaviour with something a person might have said to get it, as scripted demonstrations have it:
 * the sentence may name the object, the side, both or neither, and is never one held out of training.
 */
export function demandOf({ language }: Task, behaviour: Behaviour, seed: number): Demand {
  const instruction = language ? drawInstruction(language, behaviour, seed) : null;
  return { behaviour, instruction };
}
