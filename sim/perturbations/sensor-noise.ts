import type { PerturbationKind } from './perturbation.ts';

/** White noise on all that a policy is told in numbers; the world and the verdict know nothing of it. */
export const sensorNoise = {
  name: 'sensor-noise',
  unit: 'rad, m',
  about: 'standard deviation of Gaussian noise on each number observed, new at each control step',
  range: [0, 1],
  drawn: true,
  seen: false,
  sense(row, deviation, draws) {
    for (let i = 0; i < row.length; i++) row[i] += deviation * draws.normal();
  },
} as const satisfies PerturbationKind;
