import type { PerturbationKind } from './perturbation.ts';

/** Heavier or lighter balls of the same size, their inertia with them. */
export const mass = {
  name: 'mass',
  unit: '×',
  about: 'mass of each ball, of 0.15 kg',
  range: [0.1, 20],
  drawn: false,
  seen: false,
  build({ objects }, factor) {
    for (const object of objects) {
      for (let i = 0; i < object.numColliders(); i++) {
        const collider = object.collider(i);
        collider.setMass(factor * collider.mass());
      }
      object.recomputeMassPropertiesFromColliders();
    }
  },
} as const satisfies PerturbationKind;
