import { setImmediate as yieldToSignals } from 'node:timers/promises';
import type { CatScore } from '../../demos/cats/index.ts';
import { readCatsInParallel } from '../../server/jobs/cat-reading.ts';
import {
  type Appraisal,
  appraise,
  type Distances,
  distancesOf,
  type Share,
  sharesOf,
  trueCats,
} from '../../server/painting/appraisal.ts';
import { type AskedGroup, askedOf, PER_CAPTION } from '../../server/painting/asked.ts';
import { StoppedError } from '../../server/protocol/errors.ts';
import { startProgress } from '../progress.ts';
import type { HatReport } from './easel.ts';
import type { DrawnPictures, PictureSource } from './source.ts';

/** A group of captions at one scale. */
export interface EvaluatedRow extends Appraisal, Omit<DrawnPictures, 'pictures'> {
  readonly group: AskedGroup;
  /** w; null for true cats, which follow their captions. */
  readonly guidance: number | null;
  readonly distances: Distances;
  /** Of the empty caption. */
  readonly shares: readonly Share[] | null;
}

export interface PictureEvaluation
  extends Pick<PictureSource, 'method' | 'size' | 'sampler'>,
    Pick<EvaluationOptions, 'count' | 'seed'> {
  readonly rows: readonly EvaluatedRow[];
  /** Of true cats against other true cats, by group: what a perfect painter would have. */
  readonly trueAgainstTrue: Readonly<Partial<Record<AskedGroup, Distances>>>;
  readonly hats: HatReport | null;
  /** Whether all was measured: it can be asked to end. */
  readonly isWhole: boolean;
}

interface EvaluationOptions {
  /** Pictures of a group at a scale. */
  readonly count: number;
  readonly seed: number;
  readonly signal: AbortSignal;
}

/** Cats that pictures are held against, and others that these are. */
const AGAINST = 0;
const OTHERS = 2;

/**
 * Draws, reads and appraises, group after group; with less where the signal aborts.
 *
 * @cost of a picture its drawing, and 0.06 to 0.4 s of a core to read it
 */
export async function evaluatePainter(
  source: PictureSource,
  { count, seed, signal }: EvaluationOptions,
): Promise<PictureEvaluation> {
  const { method, size, sampler } = source;
  const captions = Math.ceil(count / PER_CAPTION);
  const plan = planOf(source.scales);
  const rows: EvaluatedRow[] = [];
  const trueAgainstTrue: Partial<Record<AskedGroup, Distances>> = {};
  let hats: HatReport | null = null;
  let isWhole = false;
  // A picture counts when it is drawn, and when it is read.
  const each = 2 * captions * PER_CAPTION;
  const progress = startProgress('pictures', plan.length * each);
  try {
    for (const [i, { group, guidance }] of plan.entries()) {
      const update = (done: number) => {
        if (signal.aborted) throw new StoppedError();
        progress.update(i * each + done, guidance === null ? group : `${group}, w ${guidance}`);
      };
      const asked = askedOf(group, captions, seed);
      const { pictures, ...cost } = await source.draw(asked, { guidance, seed }, update);
      const scores = await read({ size, pictures }, signal, (n) => update(each / 2 + n));
      const against = trueCats(asked, size, { seed, sample: AGAINST });
      const others = () => trueCats(asked, size, { seed, sample: OTHERS });
      trueAgainstTrue[group] ??= distancesOf({ size, pictures: others() }, against, seed);
      rows.push({
        ...{ group, guidance, ...cost, ...appraise(asked, scores) },
        distances: distancesOf({ size, pictures }, against, seed),
        shares: group === 'empty' ? sharesOf(scores) : null,
      });
    }
    const seen = askedOf('seen', captions, seed);
    hats = await source.lookAtHats(seen, seed, () => {
      if (signal.aborted) throw new StoppedError();
    });
    isWhole = true;
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    progress.stop();
  }
  return { ...{ method, size, sampler, count, seed }, rows, trueAgainstTrue, hats, isWhole };
}

async function read(
  pictures: Parameters<typeof readCatsInParallel>[0],
  signal: AbortSignal,
  onProgress: (read: number) => void,
): Promise<CatScore[]> {
  // What is said of progress comes from another process: it cannot end the reading, the signal does.
  await yieldToSignals();
  return readCatsInParallel(pictures, {
    signal,
    onProgress: (count) => {
      if (!signal.aborted) onProgress(count);
    },
  });
}

/** Without a caption guidance changes nothing. */
function planOf(scales: PictureSource['scales']) {
  return [
    ...scales.flatMap((guidance) => [
      { group: 'seen' as const, guidance },
      { group: 'held-out' as const, guidance },
    ]),
    { group: 'empty' as const, guidance: scales.includes(null) ? null : 1 },
  ];
}
