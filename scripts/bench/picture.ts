import { CAPTION_VOCABULARY, CAPTION_WORDS, type PictureSize } from '../../demos/cats/index.ts';
import { type Analysis, analyze, type Engine } from '../../policies/engine/index.ts';
import { Painter } from '../../policies/pictures/painter.ts';
import { PICTURE_TRAINING, pictureSpec } from '../../policies/pictures/presets.ts';
import { createPictureNetwork } from '../../policies/pictures/spec.ts';
import { trainPainter } from '../../policies/pictures/train.ts';
import { Random } from '../../policies/random.ts';
import { FIRST_WORD } from '../../policies/text/tokenizer.ts';
import type { BenchCase, Work } from './in-turns.ts';
import type { PeerNetwork } from './peer.ts';

/** Training steps of what draws pictures, or pictures that it draws. */
export interface PictureCase {
  readonly kind: 'train' | 'infer';
  /** Pixels a side. */
  readonly size: PictureSize;
  readonly channels: readonly number[];
  readonly batch: number;
  /** Euler steps of a picture. */
  readonly steps: number;
  readonly threads: number;
}

/** w: each step of a picture asks about the caption and about none. */
const GUIDANCE = 4;
const CAPTION = 'a red cat wearing a party hat';

/** What `bench` measures of them. */
export function pictureCase(shape: PictureCase): BenchCase {
  const { kind, size, steps } = shape;
  return {
    ...shape,
    horizon: size,
    name: kind === 'train' ? 'training step' : `picture, ${steps} steps, w = ${GUIDANCE}`,
    peer: peerOf(shape),
    prepare: (engine) => (kind === 'train' ? training(engine, shape) : drawing(engine, shape)),
  };
}

function specOf({ size, channels }: PictureCase) {
  const words = { vocabulary: CAPTION_VOCABULARY, words: CAPTION_WORDS };
  return pictureSpec({ method: 'flow', size, channels, ...words });
}

function peerOf(shape: PictureCase): PeerNetwork {
  const { size, network, caption } = specOf(shape);
  const { width, heads, text } = caption;
  if (text.encoder !== 'learned') throw new Error('the peer learns its words');
  return {
    network: 'picture',
    ...network,
    size,
    width,
    heads,
    layers: text.layers,
    tokens: text.tokens,
    vocabulary: FIRST_WORD + text.vocabulary.length,
    ...(shape.kind === 'infer' && { guidance: GUIDANCE }),
  };
}

async function training(engine: Engine, shape: PictureCase): Promise<Work> {
  const { batch, size } = shape;
  const spec = specOf(shape);
  const pictures = Random.of(1).fillNormal(new Float32Array(batch * size * size * 3));
  const examples = { pictures, captions: Array.from({ length: batch }, () => CAPTION) };
  const analysed = analysing(engine);
  const trainer = await trainPainter(analysed, spec, examples, {
    config: { ...PICTURE_TRAINING, batch, steps: 1_000_000, seed: 0 },
  });
  await trainer.step();
  return {
    parameters: createPictureNetwork(spec).table.size,
    analysis: analysed.analysis(),
    call: () => trainer.step(),
    dispose: () => trainer.dispose(),
  };
}

async function drawing(engine: Engine, shape: PictureCase): Promise<Work> {
  const { batch, steps } = shape;
  const spec = specOf(shape);
  const { table } = createPictureNetwork(spec);
  const trained = { method: 'flow', spec, weights: table.initialize(Random.of(2)) } as const;
  const analysed = analysing(engine);
  const painter = await Painter.prepare(analysed, trained, batch, {
    sampler: { kind: 'euler', steps },
    guidance: GUIDANCE,
  });
  const captions = Array.from({ length: batch }, () => CAPTION);
  const streams = captions.map((_, row) => Random.of(3, row));
  const call = () => painter.draw(captions, streams);
  await call();
  return {
    parameters: table.size,
    analysis: analysed.analysis(),
    call,
    dispose: () => painter.dispose(),
  };
}

/** An engine that counts what the program costs that it compiled last, in all of its runs until asked. */
function analysing(engine: Engine): Engine & { analysis(): Analysis } {
  let each: Analysis | null = null;
  let runs = 0;
  return {
    ...engine,
    async compile(fn, inputs, options) {
      each = await analyze(fn, inputs, options);
      const program = await engine.compile(fn, inputs, options);
      return {
        outputShapes: program.outputShapes,
        dispose: () => program.dispose(),
        run(given, outputs) {
          runs++;
          return program.run(given, outputs);
        },
      };
    },
    analysis() {
      if (!each) throw new Error('an analysing engine has compiled nothing yet');
      const { nodes, flops, plainFlops } = each;
      return { nodes, flops: runs * flops, plainFlops: runs * plainFlops };
    },
  };
}
