import { expect, it } from 'vitest';
import { SpecError } from '../../../policies/config/index.ts';
import { createCompiledEngine } from '../../../policies/engine/index.ts';
import { pictureSampler } from '../../../policies/pictures/painter.ts';
import { reflowPairs, reflowSpec } from '../../../policies/pictures/reflow.ts';
import { createPictureNetwork, type TrainedPainter } from '../../../policies/pictures/spec.ts';
import { Random } from '../../../policies/random.ts';
import { compileSampler } from '../../../policies/samplers/compile.ts';
import { euler } from '../../../policies/samplers/euler.ts';
import { Reader } from '../../../policies/text/reader.ts';
import { STREAM } from '../../../policies/training/data-order.ts';
import { tinyPainter } from '../../support/tiny-painter.ts';

const engine = createCompiledEngine();
const spec = tinyPainter({ kind: 'flow' });
const { size } = createPictureNetwork(spec).table;
const TEACHER: TrainedPainter = {
  method: 'flow',
  spec,
  weights: Random.of(1)
    .fillNormal(new Float32Array(size))
    .map((x) => x / 10),
};
const CAPTIONS = Array.from({ length: 40 }, (_, i) => (i % 2 === 0 ? 'red' : 'blue'));
const NUMBERS = 3 * spec.size ** 2;

it('learns from what its teacher draws of the same noise and caption, guided as it was', async () => {
  const pairs = await reflowPairs(engine, TEACHER, CAPTIONS, { seed: 2, guidance: 2 });
  if (!pairs?.text || !pairs.noise) throw new Error('expected pairs with captions and noise');
  const { chunks, noise, text } = pairs;
  const isTold = Array.from(text.of, (row) =>
    text.rows[row].some((token, i) => token !== text.silence[i]),
  );
  expect(isTold).toContain(true);
  expect(isTold).toContain(false);

  const streams = CAPTIONS.map((_, i) => Random.of(2, STREAM.reflow, i));
  const reader = await Reader.create(spec.caption.text);
  const sampler = await compileSampler(engine, {
    ...pictureSampler(TEACHER, euler(10), CAPTIONS.length),
    guidance: { scale: 2, silence: reader.silence },
  });
  const told = CAPTIONS.map((caption, i) => (isTold[i] ? caption : ''));
  const read = await reader.readAll(told, CAPTIONS.length);
  const { chunk } = await sampler.draw(new Float32Array(0), streams, { text: read });
  await sampler.dispose();
  expect(chunks).toHaveLength(CAPTIONS.length * NUMBERS);
  // An expectation for each of thousands of numbers would take most of the time.
  const apart = Array.from(chunks, (value, i) => Math.abs(value - chunk[i]));
  expect(Math.max(...apart)).toBeLessThan(5e-4);
  const first = Random.of(2, STREAM.reflow, 0).fillNormal(new Float32Array(NUMBERS));
  expect(noise.subarray(0, NUMBERS)).toEqual(first);
});

it('is what its teacher is, but goes all the way at once and drops no caption any more', () => {
  const student = reflowSpec(spec);
  expect(student).toEqual({
    ...spec,
    objective: { kind: 'flow', coupling: 'reflow', time: 'start' },
    caption: { ...spec.caption, text: { ...spec.caption.text, dropRate: 0 } },
  });
  const diffusion = tinyPainter({ kind: 'diffusion', steps: 10, prediction: 'v' });
  expect(() => reflowSpec(diffusion)).toThrow(SpecError);
});
