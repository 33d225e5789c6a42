import type { Told } from '../../policies/policy.ts';
import { Random } from '../../policies/random.ts';
import type { Vec3 } from '../../sim/index.ts';
import type { StageSettings } from '../protocol/stage.ts';
import { KeptEpisodes } from './kept-episodes.ts';

/** What a plan was made from: its futures are drawn from the same, and it can be asked for again. */
export interface Inference {
  /** [To, Do], physical units. */
  readonly observation: Float32Array;
  readonly told: Told;
  readonly noiseKey: readonly number[];
  /** Which of the key's futures is the first one, which is acted on. */
  readonly firstFuture: number;
  /** Chunks planned before it. */
  readonly number: number;
  /** Control step. */
  readonly step: number;
  readonly tcp: Vec3;
  /** [Da] joint positions, rad, and gripper opening, m. */
  readonly pose: Float32Array;
}

/** The noise of an episode's plans. */
export type EpisodeNoise = Pick<Inference, 'noiseKey' | 'firstFuture'>;

/**
 * Noise 0 is what an episode of a seed had before others could be asked for. The rollouts that an
 * evaluation has of a start are that one's futures.
 */
export function noiseOf(
  { seed, noise, batch }: Pick<StageSettings, 'seed' | 'noise' | 'batch'>,
  episode: number,
): EpisodeNoise {
  if (batch !== undefined) return { noiseKey: [seed, episode], firstFuture: noise };
  return { noiseKey: noise === 0 ? [seed, episode] : [seed, episode, noise], firstFuture: 0 };
}

/** Noise of one of an inference's futures; the first is the one that is acted on. */
export function streamOf(
  { noiseKey, firstFuture, number }: Pick<Inference, 'noiseKey' | 'firstFuture' | 'number'>,
  future: number,
): Random {
  return Random.of(...noiseKey, firstFuture + future, number);
}

/** What a planner is asked with where every row of a batch sees and is told the same. */
export function rowsOf(
  { observation, told }: Pick<Inference, 'observation' | 'told'>,
  batch: number,
): { observation: Float32Array; told: Told } {
  return { observation: repeated(observation, batch), told: repeat(told, batch) };
}

function repeated(row: Float32Array, batch: number): Float32Array {
  const rows = new Float32Array(batch * row.length);
  for (let i = 0; i < batch; i++) rows.set(row, i * row.length);
  return rows;
}

function repeat({ instructions = [], images, known }: Told, batch: number): Told {
  const rows = {
    instructions: Array.from({ length: batch }, () => instructions[0] ?? ''),
    ...(known && {
      known: {
        actions: repeated(known.actions, batch),
        weight: repeated(known.weight, batch),
      },
    }),
  };
  if (!images) return rows;
  const all = new Uint8Array(batch * images.length);
  for (let i = 0; i < batch; i++) all.set(images, i * images.length);
  return { ...rows, images: all };
}

/** The inferences of a stage's last episodes. */
export class InferenceLog {
  /** In the order of their control steps. */
  readonly #kept = new KeptEpisodes<Inference[]>();

  /** Another episode begins. */
  begin(episodeId: number, lanes: number): void {
    this.#kept.begin(episodeId, lanes, () => []);
  }

  add(episodeId: number, lane: number, inference: Inference): void {
    this.#kept.of(episodeId, lane)?.push(inference);
  }

  /** How many there are of a lane. */
  count(episodeId: number, lane: number): number {
    return this.#kept.of(episodeId, lane)?.length ?? 0;
  }

  /** The last one until a control step; null where nothing of it is kept. */
  find(episodeId: number, lane: number, step: number): Inference | null {
    const inferences = this.#kept.of(episodeId, lane) ?? [];
    return inferences.findLast((inference) => inference.step <= step) ?? null;
  }
}
