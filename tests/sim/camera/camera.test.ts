import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Camera, FAR, FRONT_CAMERA, sceneShapes } from '../../../sim/camera/index.ts';
import type { Shape } from '../../../sim/camera/shapes.ts';
import { Episode, findTask, type Vec3 } from '../../../sim/index.ts';
import { BALL } from '../../../sim/tasks/behind-posts.ts';
import { within } from '../../support/arbitraries.ts';
import { LEFT, rapier, reachInto } from '../../support/simulation.ts';

const task = findTask('left-right-colour');
const camera = new Camera(FRONT_CAMERA);
const { size, eye } = FRONT_CAMERA;
const start = task.sampleInitialState(1);
const STATE = [...start.joints, start.gripperOpening];
const WHITE = [1, 1, 1] as const;

const pixelAt = (point: Vec3) => {
  const { x, y } = camera.project(point);
  return Math.floor(y) * size + Math.floor(x);
};
const colourOf = (rgb: Uint8Array, pixel: number) => [...rgb.subarray(3 * pixel, 3 * pixel + 3)];

describe('the camera', () => {
  it('projects every point onto the pixel whose ray meets it', () => {
    fc.assert(
      fc.property(within(0.3, 0.8), within(-0.2, 0.2), within(0, 0.3), (px, py, pz) => {
        const { x, y } = camera.project([px, py, pz]);
        const d = camera.ray(x, y);
        const away = [px - eye[0], py - eye[1], pz - eye[2]];
        const length = Math.hypot(...away);
        away.forEach((value, i) => {
          expect(d[i]).toBeCloseTo(value / length, 9);
        });
      }),
    );
  });

  it('sees at the depth at which physics has its colliders', () => {
    const episode = Episode.create(rapier, task, start);
    for (let i = 0; i < 20; i++) {
      const command = [...start.joints, start.gripperOpening];
      command[0] += 0.02 * i;
      episode.step(command);
    }
    const { state } = episode.observe();
    const shapes = sceneShapes(task, { state, objects: episode.objectPositions() });
    const { depth } = camera.render(shapes);
    const { world } = reachInto(episode);
    const differences: number[] = [];
    for (let row = 0; row < size; row += 2) {
      for (let column = 0; column < size; column += 2) {
        const [x, y, z] = camera.ray(column + 0.5, row + 0.5);
        const ray = new rapier.Ray({ x: eye[0], y: eye[1], z: eye[2] }, { x, y, z });
        const expected = world.castRay(ray, FAR, true)?.timeOfImpact ?? FAR;
        differences.push(Math.abs(depth[row * size + column] - expected));
      }
    }
    episode.free();
    // At silhouettes a hair's breadth decides between two depths a long way apart.
    const close = differences.filter((difference) => difference < 1e-3);
    expect(close.length / differences.length).toBeGreaterThan(0.985);
    expect(Math.max(...close)).toBeLessThan(5e-4);
  });

  it('shows each ball in its colour, where it lies', () => {
    for (let seed = 0; seed < 20; seed++) {
      const { objects, joints, gripperOpening } = task.sampleInitialState(seed);
      const state = [...joints, gripperOpening];
      const { rgb } = camera.render(sceneShapes(task, { state, objects }));
      const [red, green] = objects.map((centre) => colourOf(rgb, pixelAt(centre)));
      expect(red[0]).toBeGreaterThan(2 * Math.max(red[1], red[2]));
      expect(green[1]).toBeGreaterThan(2 * Math.max(green[0], green[2]));
    }
  });

  it('moves an edge by parts of a pixel: a millimetre shows', () => {
    const picture = (y: number) => {
      const objects: Vec3[] = [
        [0.68, y, BALL.radius],
        [0.68, -0.1, BALL.radius],
      ];
      return camera.render(sceneShapes(task, { state: STATE, objects })).rgb;
    };
    const pixel = camera.project([0.68, 0.081, 0.03]).x - camera.project([0.68, 0.08, 0.03]).x;
    expect(Math.abs(pixel)).toBeLessThan(0.2);
    const [a, b] = [picture(0.08), picture(0.081)];
    expect(a.some((value, i) => Math.abs(value - b[i]) > 5)).toBe(true);
  });

  it('lets what is nearer hide what is behind', () => {
    const far: Shape = { kind: 'ball', centre: [0.5, 0, 0.1], radius: 0.05, colour: [0, 1, 0] };
    const middle: Vec3 = [0, 1, 2].map((i) => (eye[i] + far.centre[i]) / 2) as unknown as Vec3;
    const near: Shape = { kind: 'ball', centre: middle, radius: 0.05, colour: [1, 0, 0] };
    for (const shapes of [
      [far, near],
      [near, far],
    ]) {
      const { rgb, depth } = camera.render(shapes);
      const pixel = pixelAt(far.centre);
      expect(colourOf(rgb, pixel)[0]).toBeGreaterThan(100);
      expect(colourOf(rgb, pixel)[1]).toBe(0);
      expect(depth[pixel]).toBeCloseTo(Math.hypot(...middle.map((v, i) => v - eye[i])) - 0.05, 2);
    }
  });

  it('lights what faces the light more than what turns away', () => {
    const { rgb } = camera.render([
      { kind: 'ball', centre: [0.6, 0, 0.15], radius: 0.08, colour: WHITE },
    ]);
    const bright = colourOf(rgb, pixelAt([0.62, 0.02, 0.22]))[0];
    const dark = colourOf(rgb, pixelAt([0.62, -0.03, 0.09]))[0];
    expect(bright).toBeGreaterThan(dark + 40);
  });

  it('gives the same picture for the same scene', () => {
    const render = () => camera.render(sceneShapes(task, { state: STATE, objects: start.objects }));
    expect(render()).toEqual(render());
  });
});

describe('a shape', () => {
  const shapes: Shape[] = [
    { kind: 'ball', centre: [0.6, 0.02, 0.1], radius: 0.06, colour: WHITE },
    { kind: 'post', base: [0.6, 0, 0], radius: 0.04, height: 0.2, colour: WHITE },
    {
      kind: 'capsule',
      from: [0.55, -0.1, 0.05],
      to: [0.65, 0.12, 0.15],
      radius: 0.04,
      colour: WHITE,
    },
    {
      kind: 'box',
      centre: [0.6, LEFT / 4, 0.1],
      rotation: Float64Array.of(0.8, -0.6, 0, 0.6, 0.8, 0, 0, 0, 1),
      half: [0.03, 0.1, 0.04],
      colour: WHITE,
    },
  ];
  /** Signed distance of a point from a shape's surface. */
  const signed = (shape: Shape, p: Vec3): number => {
    switch (shape.kind) {
      case 'ball':
        return Math.hypot(...p.map((v, i) => v - shape.centre[i])) - shape.radius;
      case 'post': {
        const [x, y, z] = p.map((v, i) => v - shape.base[i]);
        return Math.max(Math.hypot(x, y) - shape.radius, -z, z - shape.height);
      }
      case 'capsule': {
        const axis = shape.to.map((v, i) => v - shape.from[i]);
        const away = p.map((v, i) => v - shape.from[i]);
        const product = (a: number[], b: number[]) => a.reduce((sum, v, i) => sum + v * b[i], 0);
        const u = Math.min(1, Math.max(0, product(away, axis) / product(axis, axis)));
        return Math.hypot(...away.map((v, i) => v - u * axis[i])) - shape.radius;
      }
      case 'box': {
        const away = p.map((v, i) => v - shape.centre[i]);
        const local = [0, 1, 2].map((i) =>
          away.reduce((sum, v, k) => sum + shape.rotation[3 * k + i] * v, 0),
        );
        return Math.max(...local.map((v, i) => Math.abs(v) - shape.half[i]));
      }
    }
  };

  it.each(shapes.map((shape) => [shape.kind, shape] as const))(
    '%s is met where its surface is, and nowhere before',
    (_, shape) => {
      const { depth } = camera.render([shape]);
      const empty = camera.render([]).depth;
      let met = 0;
      // An expectation for each of a million points would take nearly all of the time.
      let [farthest, deepest] = [0, Number.POSITIVE_INFINITY];
      for (let pixel = 0; pixel < depth.length; pixel++) {
        const d = camera.ray((pixel % size) + 0.5, Math.floor(pixel / size) + 0.5);
        const at = (t: number) => d.map((v, i) => eye[i] + t * v) as unknown as Vec3;
        const seen = depth[pixel] < empty[pixel];
        if (seen) {
          met++;
          farthest = Math.max(farthest, Math.abs(signed(shape, at(depth[pixel]))));
        }
        const end = seen ? depth[pixel] - 1e-4 : Math.min(empty[pixel], 2);
        for (let t = 0.2; t < end; t += 0.02) deepest = Math.min(deepest, signed(shape, at(t)));
      }
      expect(farthest).toBeLessThan(1e-6);
      expect(deepest).toBeGreaterThan(-1e-9);
      expect(met).toBeGreaterThan(50);
    },
  );
});
