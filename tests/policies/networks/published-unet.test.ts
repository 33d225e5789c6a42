import { expect, it } from 'vitest';
import { PRESETS, presetPolicy } from '../../../policies/config/index.ts';
import { createNetwork, networkShape } from '../../../policies/networks/create.ts';

/** Push-T from keypoints to two coordinates, and a task of this program. */
const DIMS = [
  { observationDim: 20, actionDim: 2 },
  { observationDim: 14, actionDim: 8 },
];
const CHANNELS = [256, 512, 1024] as const;
const KERNEL = 5;
const EMBEDDING = 256;

const linear = (from: number, to: number) => from * to + to;
const convolution = (from: number, to: number, kernel: number) => from * to * kernel + to;
const groupNorm = (channels: number) => 2 * channels;

/** Two convolutions, each normalised, FiLM of `condition` numbers, and the way past them. */
function block(from: number, to: number, condition: number): number {
  const main = convolution(from, to, KERNEL) + convolution(to, to, KERNEL) + 2 * groupNorm(to);
  return main + linear(condition, 2 * to) + (from === to ? 0 : convolution(from, to, 1));
}

/**
 * Parameters of `ConditionalUnet1D` as published, counted layer by layer from its public source: the
 * observation itself is the condition beside the step embedding, skips join at the two coarser
 * levels before time is doubled by a transposed convolution, and the last block has no FiLM.
 *
 * @see Chi et al. 2023, arXiv:2303.04137; real-stanford/diffusion_policy, conditional_unet1d.py
 */
function published(observation: number, action: number): number {
  const [fine, middle, coarse] = CHANNELS;
  const condition = EMBEDDING + observation;
  const blocks: (readonly [number, number])[] = [
    [action, fine],
    [fine, fine],
    [fine, middle],
    [middle, middle],
    [middle, coarse],
    [coarse, coarse],
    [coarse, coarse],
    [coarse, coarse],
    [2 * coarse, middle],
    [middle, middle],
    [2 * middle, fine],
    [fine, fine],
  ];
  return (
    linear(EMBEDDING, 4 * EMBEDDING) +
    linear(4 * EMBEDDING, EMBEDDING) +
    blocks.reduce((sum, [from, to]) => sum + block(from, to, condition), 0) +
    convolution(fine, fine, 3) +
    convolution(middle, middle, 3) +
    convolution(middle, middle, 4) +
    convolution(fine, fine, 4) +
    convolution(fine, fine, KERNEL) +
    groupNorm(fine) +
    convolution(fine, action, 1)
  );
}

/** What the network here has more, part by part. */
function difference(observation: number): number {
  const [fine, middle, coarse] = CHANNELS;
  const outputs = 2 * (2 * fine + 2 * middle + 4 * coarse + 2 * middle + 2 * fine);
  return [
    // The observation is encoded to as many numbers as the step,
    linear(observation, 4 * EMBEDDING) + linear(4 * EMBEDDING, EMBEDDING),
    // all of which each block takes in.
    (EMBEDDING - observation) * outputs,
    // Skips join at the two finer levels, after time is doubled and convolved to their width.
    convolution(coarse, middle, 3) + convolution(middle, fine, 3),
    -convolution(middle, middle, 4) - convolution(fine, fine, 4),
    (2 * middle - 2 * coarse) * middle * (KERNEL + 1) +
      (2 * fine - 2 * middle) * fine * (KERNEL + 1),
    // The last block is one like the others.
    block(fine, fine, 2 * EMBEDDING) - convolution(fine, fine, KERNEL) - groupNorm(fine),
  ].reduce((sum, part) => sum + part);
}

it.each(DIMS)(
  'the preset paper has the published 65 M parameters and less than 2 % more: %o',
  (dims) => {
    const spec = presetPolicy('paper', 'diffusion', { task: 'left-right', controlHz: 20 });
    const shape = networkShape(spec, dims);
    const { size } = createNetwork(spec, shape).table;
    const theirs = published(shape.observationDim, dims.actionDim);
    expect(theirs / 1e6).toBeGreaterThan(65);
    expect(theirs / 1e6).toBeLessThan(66);
    expect(size).toBe(theirs + difference(shape.observationDim));
    expect(size / theirs - 1).toBeLessThan(0.02);
  },
);

it('the preset paper is what its public configuration says', () => {
  expect(presetPolicy('paper', 'diffusion', { task: 'left-right', controlHz: 20 })).toMatchObject({
    objective: { kind: 'diffusion', steps: 100, prediction: 'epsilon' },
    obsHorizon: 2,
    predHorizon: 16,
    network: { channels: CHANNELS, kernel: KERNEL, groups: 8, embedding: EMBEDDING },
  });
  expect(PRESETS.paper.training).toMatchObject({
    batch: 256,
    learningRate: 1e-4,
    warmupSteps: 500,
    weightDecay: 1e-6,
    emaDecay: 0.9999,
  });
});
