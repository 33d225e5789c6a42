import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as yieldToSignals } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import {
  type Attributes,
  COMBINATIONS,
  drawAttributes,
  drawCaption,
  drawCat,
  HELD_OUT,
  obeys,
  PICTURE_SIZES,
  type PictureSize,
  SEEN,
  sampleCat,
} from '../../demos/cats/index.ts';
import { ensureDirectory, isMissing, placeFile, writeFileAtomic } from '../../demos/files/index.ts';
import { encodePng } from '../../demos/store/png.ts';
import { fromPixels } from '../../policies/pixels.ts';
import { Random } from '../../policies/random.ts';
import { ProtocolError } from '../../server/protocol/errors.ts';
import { captionOf } from '../cat-caption.ts';
import { contactSheet } from '../contact-sheet.ts';
import { instructionText, SEED, wholeNumber } from '../options.ts';
import { directoryPath, filePath } from '../paths.ts';
import { startProgress } from '../progress.ts';
import { printJson } from '../table.ts';

const AMONG = { seen: SEEN, 'held-out': HELD_OUT, all: COMBINATIONS } as const;

interface GenerateOptions {
  readonly count: number;
  readonly seed: number;
  readonly size: string;
  readonly caption: string;
  readonly combinations: keyof typeof AMONG;
  readonly out: string;
  readonly json?: true;
}

/** Cats of a sheet: more are no longer seen. */
const SHEET = 256;
/** Keeps captions apart from the cats they describe. */
const CAPTIONS = 1;

export function defineGeneratePictures(command: Command): void {
  command
    .description('generate pictures of cats with matching captions')
    .option('--count <n>', 'cats', wholeNumber(1, 100_000), 48)
    .option('--seed <n>', 'seed of attributes, drawing and captions', SEED, 0)
    .addOption(
      new Option('--size <pixels>', 'pixels along an edge')
        .choices(PICTURE_SIZES.map(String))
        .default('64'),
    )
    .option('--caption <text>', 'only cats that match this caption', instructionText, '')
    .addOption(
      new Option(
        '--combinations <which>',
        'combinations of attributes: those trained on, those held out, or all',
      )
        .choices(Object.keys(AMONG))
        .default('seen'),
    )
    .requiredOption(
      '--out <path>',
      'a PNG with all of them, or a directory for one PNG each and their captions in metadata.jsonl',
      outPath,
    )
    .option('--json', 'print the result as one JSON document on standard output')
    .action(generate);
}

function outPath(text: string): string {
  return isSheet(text) ? filePath(text) : directoryPath(text);
}

const isSheet = (path: string) => /\.png$/i.test(path);

async function generate(options: GenerateOptions): Promise<void> {
  const { count, seed, caption, out, json } = options;
  const size = Number(options.size) as PictureSize;
  const among = attributesFor(options);
  if (isSheet(out) && count > SHEET) {
    throw new ProtocolError(
      'invalid-request',
      `count: expected at most ${SHEET} cats in one picture, got ${count}; give --out a directory`,
    );
  }
  if (!isSheet(out)) await makeEmpty(out);
  const progress = startProgress('drawn', count);
  const sheet = isSheet(out) ? new Float32Array(3 * size * size * count) : null;
  const lines: string[] = [];
  try {
    for (let i = 0; i < count; i++) {
      const random = Random.of(seed, i);
      const cat = sampleCat(random, drawAttributes(random, among));
      const state = drawCat(cat, size);
      if (sheet) sheet.set(state, i * state.length);
      else {
        const name = `cat-${String(i).padStart(6, '0')}.png`;
        await placeFile(join(out, name), encodePng(fromPixels(state), size));
        const text = drawCaption(Random.of(seed, i, CAPTIONS), cat);
        lines.push(JSON.stringify({ file_name: name, text, ...cat }));
      }
      progress.update(i + 1);
      await yieldToSignals();
    }
  } finally {
    progress.stop();
  }
  if (sheet) await writeFileAtomic(out, contactSheet(sheet, size, count));
  else await writeFileAtomic(join(out, 'metadata.jsonl'), `${lines.join('\n')}\n`);
  const result = { out, count, size, seed, caption, combinations: among.length };
  if (json) printJson(result);
  else process.stdout.write(`${out}: ${count} cats of ${among.length} combinations\n`);
}

/** @throws ProtocolError 'invalid-request' where no such cat is among them */
function attributesFor({ caption, combinations }: GenerateOptions): Attributes[] {
  const { constraint } = captionOf(caption);
  const among = AMONG[combinations].filter((attributes) => obeys(attributes, constraint));
  if (among.length > 0) return among;
  throw new ProtocolError(
    'invalid-request',
    `caption: expected one of a combination that is ${combinations}, got "${caption}"; ` +
      'choose another --combinations',
  );
}

/** @throws ProtocolError 'exists' where something is there */
async function makeEmpty(path: string): Promise<void> {
  const there = await readdir(path).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  if (there.length > 0) {
    throw new ProtocolError(
      'exists',
      `out: expected a directory that is empty or not there, got ${path} with ${there.length} ` +
        'entries; choose another',
    );
  }
  await ensureDirectory(path);
}
