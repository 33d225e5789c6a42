import type { World } from '@dimforge/rapier3d-compat';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { Arm, buildArm } from '../../../sim/arm/arm.ts';
import { HAND_INERTIA, HOME, JOINTS, type LinkInertia } from '../../../sim/arm/panda.ts';
import { matrixFromQuat } from '../../../sim/math/rotation.ts';
import { createWorld, SUBSTEP } from '../../../sim/physics.ts';
import { joints } from '../../support/arbitraries.ts';
import { largestDifference, multiply3, transpose3 } from '../../support/matrix.ts';
import { positionOf, referenceChain, rotationOf } from '../../support/reference-kinematics.ts';
import { rapier } from '../../support/simulation.ts';

const AT_REST = new Float64Array(7);
const worlds: World[] = [];

/** An arm alone in the world: nothing to touch. */
function setUp(q: ArrayLike<number> = HOME) {
  const world = createWorld(rapier);
  worlds.push(world);
  return { world, arm: new Arm(world, buildArm(rapier, world, q)) };
}

afterEach(() => {
  for (const world of worlds.splice(0)) world.free();
});

function positions(arm: Arm): Float64Array {
  const q = new Float64Array(7);
  arm.readPositions(q);
  return q;
}

describe('a built arm', () => {
  it('stands in the pose it was asked for', () => {
    fc.assert(
      fc.property(joints, (q) => {
        const { world, arm } = setUp(q);
        const chain = referenceChain(q);
        const last = matrixFromQuat(arm.hand.rotation());
        expect(largestDifference(positions(arm), q)).toBeLessThan(2e-6);
        expect(largestDifference(arm.tcp(), positionOf(chain[7]))).toBeLessThan(1e-6);
        expect(largestDifference(last, rotationOf(chain[6]))).toBeLessThan(1e-6);
        expect(arm.anchorError()).toBeLessThan(1e-6);
        worlds.splice(worlds.indexOf(world), 1);
        world.free();
      }),
      { numRuns: 50 },
    );
  });
});

describe('the last link', () => {
  /** Inertia about `point` of a body with inertia `I` about its centre: the parallel-axis theorem. */
  function about(point: readonly number[], { mass, centre }: LinkInertia, I: readonly number[]) {
    const d = centre.map((value, k) => value - point[k]);
    const squared = d.reduce((sum, value) => sum + value * value, 0);
    return I.map((value, at) => {
      const [row, column] = [Math.floor(at / 3), at % 3];
      return value + mass * ((row === column ? squared : 0) - d[row] * d[column]);
    });
  }

  const full = ({ inertia: [xx, yy, zz, xy, xz, yz] }: LinkInertia) => [
    xx,
    xy,
    xz,
    xy,
    yy,
    yz,
    xz,
    yz,
    zz,
  ];

  it('carries the hand, turned by −45° at the end of the flange', () => {
    const { world, arm } = setUp();
    const { link } = JOINTS[6];
    const [c, s] = [Math.cos(-Math.PI / 4), Math.sin(-Math.PI / 4)];
    const turn = [c, -s, 0, s, c, 0, 0, 0, 1];
    const [x, y, z] = HAND_INERTIA.centre;
    const hand: LinkInertia = {
      ...HAND_INERTIA,
      centre: [c * x - s * y, s * x + c * y, 0.107 + z],
    };
    const mass = link.mass + hand.mass;
    const centre = link.centre.map((v, k) => (link.mass * v + hand.mass * hand.centre[k]) / mass);
    const turned = multiply3(multiply3(turn, full(HAND_INERTIA)), transpose3(turn));
    const own = about(centre, link, full(link));
    const rotor = 0.05;
    const expected = about(centre, hand, turned).map(
      (value, at) => value + own[at] + (at % 4 === 0 ? rotor : 0),
    );

    // Rapier adds up a body's mass at the first step.
    world.step();
    const com = arm.hand.localCom();
    const principal = arm.hand.principalInertia();
    const axes = matrixFromQuat(arm.hand.principalInertiaLocalFrame());
    const diagonal = [principal.x, 0, 0, 0, principal.y, 0, 0, 0, principal.z];
    const got = multiply3(multiply3(axes, diagonal), transpose3(axes));
    expect(arm.hand.mass()).toBeCloseTo(mass, 5);
    expect(largestDifference([com.x, com.y, com.z], centre)).toBeLessThan(1e-6);
    expect(largestDifference(got, expected)).toBeLessThan(1e-6);
  });
});

describe('the motors', () => {
  it('hold a pose to 0.1 mrad for five seconds', () => {
    const { world, arm } = setUp();
    let worst = 0;
    for (let k = 0; k < 5 / SUBSTEP; k++) {
      arm.drive(HOME, AT_REST);
      world.step();
      worst = Math.max(worst, largestDifference(positions(arm), HOME));
    }
    expect(worst).toBeLessThan(1e-4);
  });

  it('track a 0.4 Hz sinusoid on all joints at once within 3 mrad, without coming apart', () => {
    const { world, arm } = setUp();
    const omega = 2 * Math.PI * 0.4;
    const swing = HOME.map((_, i) => (i % 2 ? 0.15 : -0.15));
    let lag = 0;
    let gap = 0;
    for (let k = 1; k <= 10 / SUBSTEP; k++) {
      const phase = omega * k * SUBSTEP;
      const wanted = HOME.map((q, i) => q + swing[i] * (1 - Math.cos(phase)));
      const velocity = swing.map((a) => a * omega * Math.sin(phase));
      arm.drive(wanted, velocity);
      world.step();
      lag = Math.max(lag, largestDifference(positions(arm), wanted));
      gap = Math.max(gap, arm.anchorError());
    }
    expect(lag).toBeLessThan(3e-3);
    expect(gap).toBeLessThan(1e-5);
  });

  describe.each([
    { index: 3, name: 'the strong joint 4' },
    { index: 5, name: 'the weak joint 6' },
    { index: 6, name: 'the weak joint 7' },
  ])('of $name', ({ index }) => {
    /** Where the joint ends up, rad from home, when twisted by `torque` N·m about its own axis. */
    function twist(torque: number): number {
      const { world, arm } = setUp();
      for (let k = 0; k < 3 / SUBSTEP; k++) {
        const link = arm.links[index];
        const r = matrixFromQuat(link.rotation());
        // The reaction on the parent keeps the load off all other joints.
        for (const [body, sign] of [[link, 1] as const, [arm.links[index - 1], -1] as const]) {
          body.resetTorques(true);
          const t = sign * torque;
          body.addTorque({ x: r[2] * t, y: r[5] * t, z: r[8] * t }, true);
        }
        arm.drive(HOME, AT_REST);
        world.step();
      }
      return positions(arm)[index] - HOME[index];
    }

    const { maxTorque, stiffness } = JOINTS[index];

    it('give way like a spring, by τ / stiffness, below the torque limit', () => {
      for (const torque of [0.5 * maxTorque, -0.98 * maxTorque]) {
        expect(Math.abs(twist(torque) / (torque / stiffness) - 1)).toBeLessThan(0.01);
      }
    });

    it('lose against a torque just above the limit', () => {
      expect(twist(1.03 * maxTorque)).toBeGreaterThan(1);
    });
  });
});
