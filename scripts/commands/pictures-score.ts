import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setImmediate as yieldToSignals } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import {
  type CatScore,
  type Constraint,
  obeys,
  PICTURE_SIZES,
  type PictureSize,
  scoreCat,
} from '../../demos/cats/index.ts';
import { listDirectory, readRegular } from '../../demos/files/index.ts';
import { decodePng, PngError } from '../../demos/store/png-reader.ts';
import { toPixels } from '../../policies/pixels.ts';
import { ProtocolError } from '../../server/protocol/errors.ts';
import { captionOf } from '../cat-caption.ts';
import { cutSheet } from '../contact-sheet.ts';
import { instructionText } from '../options.ts';
import { startProgress } from '../progress.ts';
import { formatTable, percent, printJson } from '../table.ts';

interface ScoreOptions {
  readonly caption?: string;
  readonly size?: string;
  readonly json?: true;
}

/** Largest file that is read, bytes; files of a directory that are. */
const LARGEST = 16 * 1024 * 1024;
const MOST_FILES = 100_000;

interface Scored extends CatScore {
  readonly file: string;
  /** Place in a sheet, row by row; 0 in a picture of its own. */
  readonly index: number;
  /** Null without a caption. */
  readonly obeyed: boolean | null;
}

export function defineScorePictures(command: Command): void {
  command
    .description('read the attributes of cats off pictures, and report pictures that show none')
    .argument('<path>', 'a PNG, or a directory of them')
    .option('--caption <text>', 'also report which match this caption', instructionText)
    .addOption(
      new Option(
        '--size <pixels>',
        'cut each PNG into squares of this size (default: one picture)',
      ).choices(PICTURE_SIZES.map(String)),
    )
    .option('--json', 'print the result as one JSON document on standard output')
    .action(score);
}

async function score(path: string, options: ScoreOptions): Promise<void> {
  const { caption, json } = options;
  const constraint = caption === undefined ? null : captionOf(caption).constraint;
  const files = await filesOf(path);
  const progress = startProgress('read', files.length);
  const scored: Scored[] = [];
  const began = performance.now();
  try {
    for (const [i, file] of files.entries()) {
      const { size, pictures } = await picturesIn(file, options);
      for (const [index, bytes] of pictures.entries()) {
        const each = scoreCat(toPixels(bytes, new Float32Array(bytes.length)), size);
        scored.push({ file: basename(file), index, ...each, obeyed: obeyed(each, constraint) });
        await yieldToSignals();
      }
      progress.update(i + 1);
    }
  } finally {
    progress.stop();
  }
  const accepted = scored.filter(({ rejected }) => rejected === null).length;
  const ms = (performance.now() - began) / Math.max(1, scored.length);
  const counts = {
    pictures: scored.length,
    accepted,
    ...(constraint && { obeyed: scored.filter((each) => each.obeyed).length }),
  };
  if (json) printJson({ path, ...counts, ms, list: scored });
  else process.stdout.write(describe(scored, counts, ms));
}

/** A picture that shows no cat obeys no caption. */
function obeyed({ cat, rejected }: CatScore, constraint: Constraint | null): boolean | null {
  return constraint && rejected === null && obeys(cat, constraint);
}

async function filesOf(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const names = (await listDirectory(path))
    .map(({ name }) => name)
    .filter((name) => /\.png$/i.test(name))
    .sort();
  if (names.length > 0 && names.length <= MOST_FILES) return names.map((name) => join(path, name));
  throw new ProtocolError(
    'invalid-request',
    `score: expected 1 to ${MOST_FILES} PNG files in ${path}, got ${names.length}; choose another`,
  );
}

/** @throws PngError, FileError, ProtocolError */
async function picturesIn(
  path: string,
  options: ScoreOptions,
): Promise<{ size: PictureSize; pictures: Uint8Array[] }> {
  const file = await readRegular(dirname(path), basename(path), LARGEST);
  const pixels = decode(path, file);
  const { width, height, rgb } = pixels;
  const size = PICTURE_SIZES.find((each) => each === Number(options.size ?? width));
  const isWhole = size !== undefined && width === size && height === size;
  if (isWhole) return { size, pictures: [rgb] };
  if (size !== undefined && options.size && width % size === 0 && height % size === 0) {
    return { size, pictures: cutSheet(pixels, size) };
  }
  throw new ProtocolError(
    'invalid-request',
    `${path}: expected a square of ${PICTURE_SIZES.join(', ')} pixels, or a multiple of --size both ` +
      `ways, got ${width} × ${height}; cut it, or give --size`,
  );
}

function decode(path: string, file: Uint8Array) {
  try {
    return decodePng(file);
  } catch (error) {
    if (error instanceof PngError)
      throw new PngError(`${path}: ${error.message}`, { cause: error });
    throw error;
  }
}

function describe(
  scored: readonly Scored[],
  counts: { pictures: number; accepted: number; obeyed?: number },
  ms: number,
): string {
  const isTold = counts.obeyed !== undefined;
  const rows = scored.map(({ file, index, cat, rejected, evidence, obeyed: isObeyed }) => [
    file,
    String(index),
    rejected ?? 'cat',
    cat.colour,
    cat.hat,
    cat.helmet ? 'yes' : 'no',
    cat.pose,
    cat.background.place,
    evidence.error.toFixed(3),
    ...(isTold ? [isObeyed ? 'yes' : 'no'] : []),
  ]);
  const header = ['file', 'no', 'shows', 'colour', 'hat', 'helmet', 'pose', 'place', 'error'];
  const share = (count: number) => `${count} (${percent(count / Math.max(1, counts.pictures))})`;
  return (
    formatTable([...header, ...(isTold ? ['obeyed'] : [])], rows) +
    `${counts.pictures} pictures, ${share(counts.accepted)} show a cat` +
    `${counts.obeyed === undefined ? '' : `, ${share(counts.obeyed)} the cat of the caption`}, ` +
    `${ms.toFixed(0)} ms each\n`
  );
}
