import type { RigidBody, World } from '@dimforge/rapier3d-compat';
import { afterEach, describe, expect, it } from 'vitest';
import {
  collisionGroups,
  createWorld,
  loadPhysics,
  PHYSICS,
  PHYSICS_HZ,
  SUBSTEP,
} from '../../sim/physics.ts';
import { rapier } from '../support/simulation.ts';

const G = 9.81;
const worlds: World[] = [];

function emptyWorld(): World {
  const world = createWorld(rapier);
  worlds.push(world);
  return world;
}

afterEach(() => {
  for (const world of worlds.splice(0)) world.free();
});

function addBall(world: World, z: number): RigidBody {
  const body = world.createRigidBody(rapier.RigidBodyDesc.dynamic().setTranslation(0, 0, z));
  world.createCollider(rapier.ColliderDesc.ball(0.03).setMass(0.15), body);
  return body;
}

describe('loadPhysics', () => {
  it('gives the one engine, of the version that is stored with episodes', async () => {
    expect(await loadPhysics()).toBe(await loadPhysics());
    expect(rapier.version()).toBe(PHYSICS.version);
  });

  it('runs at a rate that both control rates divide', () => {
    expect(PHYSICS_HZ % 20).toBe(0);
    expect(PHYSICS_HZ % 50).toBe(0);
    expect(SUBSTEP).toBe(1 / PHYSICS_HZ);
  });
});

describe('collisionGroups', () => {
  it('packs membership above filter, unsigned', () => {
    expect(collisionGroups(0x0001, 0x0002)).toBe(0x00010002);
    expect(collisionGroups(0x8000, 0xffff)).toBe(0x8000ffff);
  });
});

describe('the world', () => {
  it('lets a free ball fall g·t²/2', () => {
    const world = emptyWorld();
    const ball = addBall(world, 0);
    for (let n = 1; n <= 100; n++) {
      world.step();
      const t = n * SUBSTEP;
      // A first-order integrator is ahead of the parabola by at most g·t·dt/2.
      const error = -ball.translation().z - (G * t * t) / 2;
      expect(error).toBeGreaterThan(-1e-5);
      expect(error).toBeLessThan((G * t * SUBSTEP) / 2 + 1e-5);
      expect(ball.linvel().z).toBeCloseTo(-G * t, 3);
    }
  });

  it('keeps the energy of a thrown ball', () => {
    const world = emptyWorld();
    const ball = addBall(world, 0);
    ball.setLinvel({ x: 1, y: 2, z: 3 }, true);
    const energy = () => {
      const { x, y, z } = ball.linvel();
      return (x * x + y * y + z * z) / 2 + G * ball.translation().z;
    };
    const initially = energy();
    for (let n = 0; n < 60; n++) world.step();
    // The integrator's lead over the parabola, g·t·dt/2, counts as height.
    expect(Math.abs(energy() - initially)).toBeLessThan((G * G * 0.6 * SUBSTEP) / 2 + 1e-3);
  });

  it('never gains energy where a ball lands', () => {
    const world = emptyWorld();
    world.createCollider(rapier.ColliderDesc.cuboid(1, 1, 0.1).setTranslation(0, 0, -0.1));
    const ball = addBall(world, 0.5);
    for (let n = 0; n < 200; n++) {
      world.step();
      const v = ball.linvel().z;
      expect((v * v) / 2 + G * ball.translation().z).toBeLessThan(G * 0.5 + 1e-3);
    }
    expect(ball.translation().z).toBeCloseTo(0.03, 3);
    expect(Math.abs(ball.linvel().z)).toBeLessThan(1e-3);
  });

  /** Speed after a second of a block with friction ½ on a slope, m/s. */
  function slide(slope: number): number {
    const world = emptyWorld();
    const half = { x: 0, y: Math.sin(slope / 2), z: 0, w: Math.cos(slope / 2) };
    world.createCollider(rapier.ColliderDesc.cuboid(20, 1, 0.1).setRotation(half).setFriction(0.5));
    const above = 0.1 + 0.05;
    const block = world.createRigidBody(
      rapier.RigidBodyDesc.dynamic()
        .setTranslation(above * Math.sin(slope), 0, above * Math.cos(slope))
        .setRotation(half),
    );
    world.createCollider(
      rapier.ColliderDesc.cuboid(0.2, 0.2, 0.05).setMass(1).setFriction(0.5),
      block,
    );
    for (let n = 0; n < PHYSICS_HZ; n++) world.step();
    const { x, z } = block.linvel();
    return Math.hypot(x, z);
  }

  it('obeys Coulomb: below the friction angle a block stays', () => {
    expect(slide(Math.atan(0.45))).toBeLessThan(0.01);
  });

  it('obeys Coulomb: above it a block accelerates by g·(sin α − μ·cos α)', () => {
    const slope = Math.atan(0.8);
    const expected = G * (Math.sin(slope) - 0.5 * Math.cos(slope));
    expect(Math.abs(slide(slope) / expected - 1)).toBeLessThan(0.03);
  });
});
