import type { PerturbationKind } from './perturbation.ts';

/**
 * Smoother or rougher surfaces. All of them, as a contact's coefficient is the mean of two, or the
 * larger one: so that of each contact is that many times what it was.
 */
export const friction = {
  name: 'friction',
  unit: '×',
  about: 'coefficient of friction of every contact; between finger and ball it is 1',
  range: [0, 10],
  drawn: false,
  seen: false,
  build({ world }, factor) {
    world.forEachCollider((collider) => collider.setFriction(factor * collider.friction()));
  },
} as const satisfies PerturbationKind;
