import type { PictureSize } from '../../demos/cats/index.ts';
import type { SamplerChoice, SamplerSpec } from '../../policies/config/index.ts';
import { choosePictureSampler } from '../../policies/pictures/sampler.ts';
import { checkPictureGuidance } from '../../policies/pictures/spec.ts';
import { trueCats } from '../../server/painting/appraisal.ts';
import { type Asked, PER_CAPTION } from '../../server/painting/asked.ts';
import { sizeOfPainter } from '../../server/painting/sizes.ts';
import { openPainter } from '../../server/storage/painters.ts';
import { openEngine } from '../engine.ts';
import type { EngineOptions } from '../options.ts';
import { drawAll, type HatReport, lookAtHats, timeAlone } from './easel.ts';

/** What was drawn, and what that took. */
export interface DrawnPictures {
  /** [n, size, size, 3], {@link PER_CAPTION} of each caption */
  readonly pictures: Float32Array;
  /** Network evaluations a picture; null where no network drew. */
  readonly nfe: number | null;
  /** A picture among 16, and one alone (the median), ms. */
  readonly ms: number | null;
  readonly msAlone: number | null;
}

/** What gives pictures of captions. */
export interface PictureSource {
  /** What a painter learnt by; "true" for cats in the place of its pictures. */
  readonly method: string;
  readonly size: PictureSize;
  readonly sampler: SamplerSpec | null;
  /** w that are tried; null alone where there is none. */
  readonly scales: readonly (number | null)[];
  /** @param onDrawn told how many are drawn; what it throws ends the drawing */
  draw(
    asked: readonly Asked[],
    how: { readonly guidance: number | null; readonly seed: number },
    onDrawn: (count: number) => void,
  ): Promise<DrawnPictures>;
  /** Where "hat" is looked at; null where nothing looks. */
  lookAtHats(
    asked: readonly Asked[],
    seed: number,
    onDrawn: (count: number) => void,
  ): Promise<HatReport | null>;
}

/** True cats, other than those that pictures are held against. */
const IN_PLACE = 1;

/** Cats that captions were drawn from: what is measured of them is the reader's own error. */
export function trueSource(size: PictureSize): PictureSource {
  return {
    ...{ method: 'true', size, sampler: null, scales: [null] },
    async draw(asked, { seed }, onDrawn) {
      const pictures = trueCats(asked, size, { seed, sample: IN_PLACE });
      onDrawn(asked.length * PER_CAPTION);
      return { pictures, nfe: null, ms: null, msAlone: null };
    },
    lookAtHats: async () => null,
  };
}

/**
 * @param path of a painter's checkpoint
 * @throws FileError, CheckpointError; SpecError for a sampler or a scale that it does not have
 */
export async function painterSource(
  path: string,
  choice: EngineOptions & SamplerChoice & { readonly guidance: readonly number[] },
): Promise<PictureSource> {
  const { painter } = await openPainter(path);
  const { caption } = painter.spec;
  const sampler = choosePictureSampler(painter, choice);
  for (const scale of choice.guidance) checkPictureGuidance(painter.spec, scale);
  const size = sizeOfPainter(painter.spec);
  const engine = await openEngine(choice.engine);
  return {
    ...{ method: painter.method, size, sampler, scales: choice.guidance },
    async draw(asked, { guidance, seed }, onDrawn) {
      const captions = asked.flatMap((each) => Array(PER_CAPTION).fill(each.caption));
      const how = { sampler, guidance: guidance ?? 1, seed };
      const drawn = await drawAll(engine, painter, captions, how, onDrawn);
      return { ...drawn, msAlone: await timeAlone(engine, painter, captions, how) };
    },
    async lookAtHats(asked, seed, onDrawn) {
      // Words of an encoder from outside are taken apart in ways of its own.
      if (caption.text.encoder !== 'learned') return null;
      return lookAtHats(engine, painter, asked, { sampler, seed }, onDrawn);
    },
  };
}
