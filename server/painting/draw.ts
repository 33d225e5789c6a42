import { parseCaption } from '../../demos/cats/index.ts';
import { nfeOf } from '../../policies/config/choose-sampler.ts';
import type { PictureSpec } from '../../policies/config/picture.ts';
import { pathOf } from '../../policies/methods/index.ts';
import { finestSide, gazeOf } from '../../policies/pictures/gaze.ts';
import type { LoopedPainter, WeighedCaption } from '../../policies/pictures/looped-painter.ts';
import { choosePictureSampler } from '../../policies/pictures/sampler.ts';
import { checkPictureGuidance } from '../../policies/pictures/spec.ts';
import { fromPixels } from '../../policies/pixels.ts';
import { Random } from '../../policies/random.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { DrawnPictures, DrawRequest, PictureWay } from '../protocol/pictures.ts';

/** The stream of a seed that pictures on the page are drawn from: that of `pictures draw`. */
const DRAWN = 202;

type Wanted = DrawRequest['pictures'][number];

/**
 * Draws what a page asks for.
 *
 * @param painter of batches as large as the request
 * @param before  awaited before each network evaluation; what it throws ends the drawing
 * @throws CaptionError for a caption that asks for what no cat is
 * @throws InstructionError for one that is too long
 * @throws SpecError for a sampler, a number of evaluations or a guidance that the painter does not have
 */
export async function drawPictures(
  painter: LoopedPainter,
  { pictures, sampler: kind, calls, keep }: DrawRequest,
  before: () => Promise<void>,
): Promise<DrawnPictures<Uint8Array>> {
  const began = performance.now();
  for (const { caption, towards } of pictures) {
    // Unknown words are no fault: they are named, and say nothing.
    parseCaption(caption);
    if (towards) parseCaption(towards.caption);
  }
  const { trained } = painter;
  const { spec } = trained;
  const { objective, size } = spec;
  for (const { guidance } of pictures) checkPictureGuidance(spec, guidance);
  const sampler = choosePictureSampler(trained, {
    ...(kind !== undefined && { sampler: kind }),
    ...(calls !== undefined && { nfe: calls }),
  });
  const streams = pictures.map(({ seed }) => Random.of(seed, DRAWN, 0));
  // Rows of a batch that nobody asked for are drawn as well: from any noise.
  while (streams.length < painter.batch) streams.push(Random.of(0, DRAWN, streams.length));
  const drawn = await painter.draw(pictures.map(weighed), streams, { sampler, keep, before });
  const { tokens, unknown } = await painter.read(pictures[0].caption);
  const numbers = 3 * size * size;
  return {
    size,
    pictures: fromPixels(drawn.pictures.subarray(0, pictures.length * numbers)),
    calls: nfeOf(sampler, objective),
    ms: performance.now() - began,
    unknown,
    way: keep ? wayOf(drawn, spec, tokens) : null,
  };
}

/** Both captions, with guidance that counts for them together. */
function weighed({ caption, guidance, towards }: Wanted): WeighedCaption[] {
  if (!towards) return [{ text: caption, weight: guidance }];
  return [
    { text: caption, weight: guidance * (1 - towards.share) },
    { text: towards.caption, weight: guidance * towards.share },
  ];
}

function wayOf(
  { pictures, states, attention }: Awaited<ReturnType<LoopedPainter['draw']>>,
  spec: PictureSpec,
  tokens: readonly string[],
): PictureWay<Uint8Array> {
  const side = finestSide(spec);
  const numbers = 3 * spec.size * spec.size;
  const first = (rows: Float32Array) => fromPixels(rows.subarray(0, numbers));
  const calls = shownCalls(states.length);
  const before = calls.slice(0, -1);
  const gazes = before.map((call) =>
    gazeOf(attention[call], { row: 0, side, tokens: tokens.length }),
  );
  return {
    stations: [
      ...before.map((call) => ({ call, time: states[call].time })),
      { call: states.length, time: pathOf(spec.objective)?.steps === null ? 1 : 0 },
    ],
    noised: joined([...before.map((call) => first(states[call].noised)), first(pictures)]),
    estimates: joined([...before.map((call) => first(states[call].estimate)), first(pictures)]),
    tokens,
    side,
    gaze: joined(
      gazes.map((gaze) => new Uint8Array(gaze.buffer, gaze.byteOffset, gaze.byteLength)),
    ),
  };
}

/** Evaluations that are shown, evenly spread, the first one and the end among them. */
function shownCalls(calls: number): number[] {
  const count = Math.min(calls, LIMITS.pictures.stations - 1);
  return Array.from({ length: count + 1 }, (_, i) => Math.round((i * calls) / count));
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
