import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { PICTURE_SIZES } from '../../demos/cats/index.ts';
import { ensureDirectory, writeFileAtomic } from '../../demos/files/index.ts';
import { encodePainter } from '../../policies/checkpoint/painter.ts';
import { PICTURE_TRAINING } from '../../policies/pictures/presets.ts';
import {
  PAINTER_RECIPES,
  type PainterRecipe,
  RECIPE_NAMES,
  SHIPPED_PICTURES,
} from '../../policies/pictures/recipes.ts';
import { ProtocolError, StoppedError } from '../../server/protocol/errors.ts';
import { openPainter } from '../../server/storage/painters.ts';
import { listOf, oneOf, SEED, wholeNumber, withCommon, withEngine } from '../options.ts';
import { beginOnCats, type TrainingPlace, trainOnCats } from '../painting/on-cats.ts';
import { beginOnPairs, trainOnPairs } from '../painting/on-pairs.ts';
import { type Beginning, goOn, type PainterReport } from '../painting/take-steps.ts';
import { directoryPath } from '../paths.ts';
import { printJson } from '../table.ts';
import { VERSION } from '../version.ts';

interface ReproduceOptions extends TrainingPlace {
  readonly painters: readonly PainterRecipe['name'][];
  readonly size: string;
  readonly channels: readonly number[];
  readonly steps?: number;
  readonly seed: number;
  readonly out: string;
}

export function defineReproducePictures(command: Command): void {
  withEngine(withCommon(command))
    .description('make the painters that ship, from nothing; goes on where it was stopped')
    .option('--painters <list>', 'which of them', listOf(oneOf(RECIPE_NAMES)), [...RECIPE_NAMES])
    .addOption(
      new Option('--size <pixels>', 'pixels a side')
        .choices(PICTURE_SIZES.map(String))
        .default(String(SHIPPED_PICTURES.size)),
    )
    .option('--channels <list>', 'of each level, the finest first', listOf(wholeNumber(8, 1024)), [
      ...SHIPPED_PICTURES.channels,
    ])
    .option(
      '--steps <n>',
      'optimiser steps of each (default: as they ship)',
      wholeNumber(1, 10_000_000),
    )
    .option('--seed <n>', 'seed of everything', SEED, 0)
    .option(
      '--out <dir>',
      'where to put painters and their trainings',
      directoryPath,
      './data/reproduced-painters',
    )
    .action(reproduce);
}

interface MadePainter {
  readonly path: string;
  readonly bytes: number;
  readonly training: Omit<PainterReport, 'spec' | 'out'>;
}

async function reproduce(options: ReproduceOptions): Promise<void> {
  checkTeachers(options);
  await ensureDirectory(options.out);
  const made: MadePainter[] = [];
  for (const recipe of PAINTER_RECIPES) {
    if (options.painters.includes(recipe.name)) made.push(await make(recipe, options));
  }
  if (options.json) {
    printJson({ out: options.out, painters: made });
    return;
  }
  for (const { path, bytes, training } of made) {
    process.stdout.write(
      `${path}: ${(bytes / 1e6).toFixed(1)} MB, ${training.step} steps, ` +
        `${training.seconds.toFixed(0)} s of them now\n`,
    );
  }
  process.stdout.write(
    `measure one: npm run -s fp -- pictures evaluate --painter ${made[0]?.path}\n`,
  );
}

/** The file in which a painter is kept with its training. */
const trainingOf = (out: string, name: string) => join(out, `${name}.training`);

/** @throws ProtocolError 'invalid-request' for a student whose teacher is neither made nor there */
function checkTeachers({ painters, out }: ReproduceOptions): void {
  for (const recipe of PAINTER_RECIPES) {
    if (!('teacher' in recipe) || !painters.includes(recipe.name)) continue;
    if (painters.includes(recipe.teacher) || existsSync(trainingOf(out, recipe.teacher))) continue;
    throw new ProtocolError(
      'invalid-request',
      `painters: expected ${recipe.teacher} too, which ${recipe.name} learns from, got ` +
        `${painters.join(',')} and no ${trainingOf(out, recipe.teacher)}`,
    );
  }
}

/** @throws StoppedError where it is interrupted, with its training kept */
async function make(recipe: PainterRecipe, options: ReproduceOptions): Promise<MadePainter> {
  const { name } = recipe;
  const file = trainingOf(options.out, name);
  const steps = options.steps ?? recipe.steps;
  const begun = existsSync(file) ? await goOn(file, steps) : await begin(recipe, steps, options);
  const place = { ...options, out: file, resumed: file };
  const training =
    'teacher' in recipe
      ? await trainOnPairs(begun, { ...place, teacher: trainingOf(options.out, recipe.teacher) })
      : await trainOnCats(begun, place);
  if (training.step < training.training.steps) throw new StoppedError();
  return ship(name, training, options);
}

async function begin(
  recipe: PainterRecipe,
  steps: number,
  { size, channels, seed, out }: ReproduceOptions,
): Promise<Beginning> {
  if ('teacher' in recipe) {
    const { guidance } = recipe;
    // No more than are seen.
    const pairs = Math.min(recipe.pairs, steps * PICTURE_TRAINING.batch);
    return beginOnPairs(trainingOf(out, recipe.teacher), { guidance, pairs, steps, seed });
  }
  const { cats, renew } = SHIPPED_PICTURES;
  const what = { method: recipe.name, size: Number(size), channels };
  return beginOnCats({ ...what, steps, seed, cats, renew });
}

async function ship(
  name: PainterRecipe['name'],
  { spec, out, ...training }: PainterReport,
  { out: folder, size, channels, steps, seed, engine }: ReproduceOptions,
): Promise<MadePainter> {
  const origin = {
    command:
      `pictures reproduce --painters ${name} --size ${size} --channels ${channels.join(',')} ` +
      `--seed ${seed}${steps === undefined ? '' : ` --steps ${steps}`}`,
    version: VERSION,
    engine,
    ...{ loss: training.loss, secondsPerStep: training.secondsPerStep },
  };
  const bytes = encodePainter({ ...(await openPainter(out)), state: null, origin });
  const path = join(folder, `${name}.safetensors`);
  await writeFileAtomic(path, bytes);
  return { path, bytes: bytes.length, training };
}
