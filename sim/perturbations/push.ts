import type { RigidBody } from '@dimforge/rapier3d-compat';
import { cos, sin } from '../math/trig.ts';
import type { Draws, Moment, PerturbationKind } from './perturbation.ts';

/** A push comes within so long, s: before a hand that is not late closes on the ball. */
const WITHIN = 3;

/** A blow to the balls, each in the same way. */
export const push = {
  name: 'push',
  unit: 'N·s',
  about: 'horizontal impulse on each ball, its direction and its moment in the first 3 s drawn',
  range: [0, 1],
  drawn: true,
  seen: false,
  act({ objects }, impulse, moment, draws) {
    const blow = blowAt(moment, draws);
    if (!blow) return;
    for (const object of objects) strike(object, blow, impulse);
  },
} as const satisfies PerturbationKind;

/** A blow to the hand. */
export const armPush = {
  name: 'arm-push',
  unit: 'N·s',
  about: 'horizontal impulse on the hand, its direction and its moment in the first 3 s drawn',
  range: [0, 20],
  drawn: true,
  seen: false,
  act({ hand }, impulse, moment, draws) {
    const blow = blowAt(moment, draws);
    if (blow) strike(hand, blow, impulse);
  },
} as const satisfies PerturbationKind;

interface Direction {
  readonly x: number;
  readonly y: number;
}

/** The direction of a rollout's blow in the control step in which it comes; null in all others. */
function blowAt({ begin, end }: Moment, draws: Draws): Direction | null {
  const at = WITHIN * draws.uniform();
  if (at < begin || at >= end) return null;
  const angle = 2 * Math.PI * draws.uniform();
  return { x: cos(angle), y: sin(angle) };
}

function strike(body: RigidBody, { x, y }: Direction, impulse: number): void {
  // Until its first step a body has no mass, and no impulse moves it.
  body.recomputeMassPropertiesFromColliders();
  body.applyImpulse({ x: impulse * x, y: impulse * y, z: 0 }, true);
}
