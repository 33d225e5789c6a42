import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  CAPTION_VOCABULARY,
  CAPTION_WORDS,
  obeys,
  type PictureSize,
  parseCaption,
  scoreCat,
} from '../../../demos/cats/index.ts';
import { decodePainter } from '../../../policies/checkpoint/painter.ts';
import type { PictureSpec } from '../../../policies/config/picture.ts';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { Painter, type PainterOptions } from '../../../policies/pictures/painter.ts';
import { pictureSpec } from '../../../policies/pictures/presets.ts';
import {
  PAINTER_RECIPES,
  type PainterRecipe,
  RECIPE_NAMES,
  SHIPPED_PICTURES,
} from '../../../policies/pictures/recipes.ts';
import { reflowSpec } from '../../../policies/pictures/reflow.ts';
import { Random } from '../../../policies/random.ts';
import { SHIPPED_ROOT } from '../../../server/storage/workspace.ts';

const FOLDER = join(SHIPPED_ROOT, 'painters');
const SIZE = SHIPPED_PICTURES.size as PictureSize;
const CAPTION = 'a green cat wearing a party hat';
const COUNT = 8;

const open = (name: string) => decodePainter(readFileSync(join(FOLDER, `${name}.safetensors`)));

/** Pictures of the caption, each from noise of its own, as the reader of cats sees them. */
async function drawn(name: string, options: PainterOptions) {
  const painter = await Painter.prepare(createCompiledEngine(), open(name).painter, COUNT, options);
  try {
    const { chunk } = await painter.draw(
      Array<string>(COUNT).fill(CAPTION),
      Array.from({ length: COUNT }, (_, i) => Random.of(11, i)),
    );
    const numbers = 3 * SIZE ** 2;
    return Array.from({ length: COUNT }, (_, i) => chunk.slice(i * numbers, (i + 1) * numbers));
  } finally {
    await painter.dispose();
  }
}

/** What a recipe makes of cats of the shipped size. */
function specOf(recipe: PainterRecipe): PictureSpec {
  if ('teacher' in recipe) return reflowSpec(open(recipe.teacher).painter.spec);
  const { size, channels } = SHIPPED_PICTURES;
  const words = { vocabulary: CAPTION_VOCABULARY, words: CAPTION_WORDS };
  return pictureSpec({ method: recipe.name, size, channels, ...words });
}

describe.each(PAINTER_RECIPES)('the painter $name that ships', (recipe) => {
  it('was made by its recipe, and says so', () => {
    const { name, steps } = recipe;
    const { painter, step, training, state, cats, renew, teacher, origin } = open(name);
    expect(painter.method).toBe(name);
    expect(painter.spec).toEqual(specOf(recipe));
    expect({ step, steps: training.steps }).toEqual({ step: steps, steps });
    if ('teacher' in recipe) {
      expect({ cats, guidance: teacher?.guidance }).toEqual({
        ...{ cats: recipe.pairs, guidance: recipe.guidance },
      });
    } else {
      const { cats: seen, renew: often } = SHIPPED_PICTURES;
      expect({ cats, renew, teacher }).toEqual({ cats: seen, renew: often, teacher: undefined });
    }
    expect(state).toBeNull();
    expect(origin?.command).toBe(
      `pictures reproduce --painters ${name} --size ${SIZE} --channels 32,64,128 --seed 0`,
    );
  });
});

it('nothing ships without a recipe', () => {
  const files = readdirSync(FOLDER).map((file) => file.replace(/\.safetensors$/, ''));
  expect(files.sort()).toEqual([...RECIPE_NAMES].sort());
});

it('the flow draws what it is asked for, most of the time', { timeout: 60_000 }, async () => {
  const pictures = await drawn('flow', { guidance: 3, sampler: { kind: 'euler', steps: 10 } });
  const { constraint } = parseCaption(CAPTION);
  const obeyed = pictures.filter((picture) => {
    const { cat, rejected } = scoreCat(picture, SIZE);
    return rejected === null && obeys(cat, constraint);
  });
  expect(obeyed.length).toBeGreaterThanOrEqual(COUNT / 2);
});

it('L2 answers all noise with one picture, which is no cat', { timeout: 60_000 }, async () => {
  const [picture, ...others] = await drawn('l2', {});
  for (const other of others) expect(other).toEqual(picture);
  expect(scoreCat(picture, SIZE).rejected).not.toBeNull();
});

it('a reflow draws a cat of the colour asked for in one call, as often as not', {
  timeout: 60_000,
}, async () => {
  const pictures = await drawn('reflow', { sampler: { kind: 'one-step' } });
  const { constraint } = parseCaption(CAPTION);
  const right = pictures.filter((picture) =>
    constraint.colours.includes(scoreCat(picture, SIZE).cat.colour),
  );
  expect(right.length).toBeGreaterThanOrEqual(COUNT / 2);
});
