import { expect, it } from 'vitest';
import { posed, sampleCat, sampleExamples, scoreCat } from '../../../demos/cats/index.ts';
import { Random } from '../../../policies/random.ts';

it('cats that are posed sit in one place, each with what is its own', () => {
  const cats = [1, 2, 3].map((seed) => sampleCat(Random.of(seed)));
  for (const cat of cats) {
    const { colour, hat, helmet, eyes, eyeColour, look } = posed(cat);
    expect(cat).toMatchObject({ colour, hat, helmet, eyes, eyeColour, look });
  }
  const places = cats.map((cat) => {
    const { x, y, size, tilt, pose, background } = posed(cat);
    return JSON.stringify([x, y, size, tilt, pose, background]);
  });
  expect(new Set(places).size).toBe(1);
});

it('examples may be of posed cats: with the same captions, and read as cats', () => {
  const sample = { seed: 4, count: 3, size: 16 } as const;
  const all = sampleExamples({ ...sample, as: posed });
  expect(all.captions).toEqual(sampleExamples(sample).captions);
  for (let i = 0; i < sample.count; i++) {
    expect(scoreCat(all.pictures.slice(768 * i, 768 * (i + 1)), 16).rejected).toBeNull();
  }
});
