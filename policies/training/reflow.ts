import type { Engine } from '../engine/index.ts';
import type { Guidance } from '../networks/guidance.ts';
import type { Network } from '../networks/network.ts';
import type { NetworkShape } from '../networks/shape.ts';
import { Random } from '../random.ts';
import { compileSampler } from '../samplers/compile.ts';
import { euler } from '../samplers/euler.ts';
import { STREAM } from './data-order.ts';
import type { TrainingWindows, WindowTexts } from './windows.ts';

/** How finely the teacher's paths are followed. */
const TEACHER_PLAN = euler(10);

/** A trained flow: the network, and its EMA weights. */
export interface Flow {
  readonly network: Network;
  readonly shape: NetworkShape;
  /** Flat, as the network's table packs them. */
  readonly weights: Float32Array;
  /** How it follows what it reads. @default as it was trained */
  readonly guidance?: Guidance;
}

export interface ReflowOptions {
  readonly seed: number;
  /** Noises, and so chunks, that each observation gets. @default 6 */
  readonly pairs?: number;
  /** Chunks drawn at once; other batches may give other last bits. @default 256 */
  readonly batch?: number;
  /** Asked between batches, with the share that is done; the drawing ends where it says no. */
  readonly goOn?: (share: number) => Promise<boolean>;
}

/**
 * What reflow trains on: each observation, and the instruction it came with, with noises of its own and
 * the chunks that a flow makes of them. A flow is a function of its noise, so paths between such pairs do not cross, and a
 * network trained on the straight lines between them can go all the way in one step.
 *
 * @param observed windows of which the observations are used, and the instructions where the flow reads
 * @returns        windows with their noise; null where `goOn` said no
 * @cost NFE 10 a pair
 * @see Liu et al. 2023, algorithm 1, arXiv:2209.03003
 */
export async function reflowWindows(
  engine: Engine,
  { network, shape, weights, guidance }: Flow,
  observed: Pick<TrainingWindows, 'count' | 'observations' | 'text'>,
  { seed, pairs = 6, batch = 256, goOn = async () => true }: ReflowOptions,
): Promise<TrainingWindows | null> {
  const count = pairs * observed.count;
  const observations = new Float32Array(pairs * observed.observations.length);
  for (let i = 0; i < pairs; i++) {
    observations.set(observed.observations, i * observed.observations.length);
  }
  const { text } = observed;
  const chunkSize = shape.horizon * shape.actionDim;
  const noise = new Float32Array(count * chunkSize);
  const chunks = new Float32Array(count * chunkSize);
  const sampler = await compileSampler(engine, {
    network,
    weights,
    plan: TEACHER_PLAN,
    batch,
    chunk: [shape.horizon, shape.actionDim],
    observationSize: shape.observationDim,
    noisy: true,
    looped: true,
    ...(text && { textSize: text.silence.length }),
    ...(guidance && { guidance }),
  });
  const streamOf = (pair: number) => Random.of(seed, STREAM.reflow, pair);
  try {
    for (let first = 0; first < count; first += batch) {
      if (!(await goOn(first / count))) return null;
      const rows = Math.min(batch, count - first);
      const streams = Array.from({ length: rows }, (_, row) => streamOf(first + row));
      const seen = new Float32Array(batch * shape.observationDim);
      seen.set(
        observations.subarray(first * shape.observationDim, (first + rows) * shape.observationDim),
      );
      const read = text && textRows(text, first, rows, batch);
      const { chunk } = await sampler.draw(seen, streams, read && { text: read });
      chunks.set(chunk.subarray(0, rows * chunkSize), first * chunkSize);
      for (let w = first; w < first + rows; w++) {
        // The same stream again: the numbers the sampler started from.
        streamOf(w).fillNormal(noise.subarray(w * chunkSize, (w + 1) * chunkSize));
      }
    }
  } finally {
    await sampler.dispose();
  }
  return { count, observations, chunks, noise, ...(text && { text: repeated(text, pairs) }) };
}

/** The instructions of some pairs as a batch of the network's text input. */
function textRows(
  { rows, of, silence }: WindowTexts,
  first: number,
  count: number,
  batch: number,
): Float32Array {
  const filled = new Float32Array(batch * silence.length);
  for (let row = 0; row < count; row++) {
    filled.set(rows[of[(first + row) % of.length]], row * silence.length);
  }
  return filled;
}

function repeated({ of, ...texts }: WindowTexts, pairs: number): WindowTexts {
  const each = new Uint32Array(pairs * of.length);
  for (let i = 0; i < pairs; i++) each.set(of, i * of.length);
  return { ...texts, of: each };
}
