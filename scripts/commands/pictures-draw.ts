import type { Command } from 'commander';
import { writeFileAtomic } from '../../demos/files/index.ts';
import type { SamplerChoice } from '../../policies/config/index.ts';
import { Painter } from '../../policies/pictures/painter.ts';
import { choosePictureSampler } from '../../policies/pictures/sampler.ts';
import { Random } from '../../policies/random.ts';
import { openPainter } from '../../server/storage/painters.ts';
import { encoderFor, type TextEncoderPlace } from '../../server/storage/text-encoder.ts';
import { contactSheet } from '../contact-sheet.ts';
import { openEngine } from '../engine.ts';
import {
  type EngineOptions,
  instructionText,
  numberWithin,
  SEED,
  wholeNumber,
  withEngine,
  withSampler,
  withTextEncoder,
} from '../options.ts';
import { filePath } from '../paths.ts';
import { printJson } from '../table.ts';

interface DrawOptions extends EngineOptions, SamplerChoice, TextEncoderPlace {
  readonly painter: string;
  readonly caption: string;
  readonly count: number;
  readonly guidance: number;
  readonly seed: number;
  readonly out: string;
  readonly json?: true;
}

/** The stream of a seed that pictures are drawn from. */
const DRAWN = 202;

export function defineDraw(command: Command): void {
  withTextEncoder(withSampler(withEngine(command)))
    .description('draw cats from a caption')
    .requiredOption('--painter <file>', 'a painter: a file that "pictures train" wrote')
    .option('--caption <text>', 'what to draw; empty: any cat', instructionText, '')
    .option('--count <n>', 'number of pictures, each from its own noise', wholeNumber(1, 256), 16)
    .option(
      '--guidance <w>',
      'scale of classifier-free guidance: 0 ignores the caption, 1 as trained',
      numberWithin(0, 100),
      1,
    )
    .option('--seed <n>', 'seed of the noise', SEED, 0)
    .requiredOption('--out <file>', 'PNG to write, pictures side by side', filePath)
    .option('--json', 'print the result as one JSON document on standard output')
    .action(draw);
}

async function draw(options: DrawOptions): Promise<void> {
  const { caption, count, guidance, seed, out, json } = options;
  const { painter: trained } = await openPainter(options.painter);
  const { spec, method } = trained;
  const sampler = choosePictureSampler(trained, options);
  const pretrained = await encoderFor(options, spec.caption.text);
  const engine = await openEngine(options.engine);
  const painter = await Painter.prepare(engine, trained, count, { sampler, guidance }, pretrained);
  try {
    const unknown = await painter.unknownIn(caption);
    const began = performance.now();
    const captions = Array.from({ length: count }, () => caption);
    const streams = captions.map((_, i) => Random.of(seed, DRAWN, i));
    const { chunk } = await painter.draw(captions, streams);
    const ms = (performance.now() - began) / count;
    await writeFileAtomic(out, contactSheet(chunk, spec.size, count));
    if (json) {
      const { nfe } = painter;
      printJson({
        out,
        caption,
        unknown,
        method,
        size: spec.size,
        count,
        sampler,
        nfe,
        guidance,
        ms,
      });
      return;
    }
    if (unknown.length > 0) {
      process.stderr.write(`warning: words it has never read: ${unknown.join(', ')}\n`);
    }
    process.stdout.write(`${out}: ${count} pictures, ${ms.toFixed(0)} ms each\n`);
  } finally {
    await painter.dispose();
  }
}
