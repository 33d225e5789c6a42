import { CAPSULES, HAND_HALF_EXTENTS } from '../arm/arm.ts';
import { FINGER_OFFSET, PAD_HALF_EXTENTS } from '../arm/gripper.ts';
import { createFrames, forwardKinematics } from '../arm/kinematics.ts';
import { HAND_TO_TCP, JOINT_COUNT } from '../arm/panda.ts';
import type { Vec3 } from '../math/vec.ts';
import type { Task } from '../tasks/task.ts';
import type { Colour, Shape } from './shapes.ts';

const ARM: Colour = [0.82, 0.83, 0.85];
const HAND: Colour = [0.55, 0.56, 0.6];
const FINGERS: Colour = [0.08, 0.08, 0.09];
const POST_COLOUR: Colour = [0.1, 0.16, 0.5];

/** What stands and lies before the camera. */
export interface Appearance {
  /** [8]: 7 joint positions (rad), gripper opening (m), as `observation.state` has them. */
  readonly state: ArrayLike<number>;
  /** Centres of the task's objects, m. */
  readonly objects: readonly Vec3[];
}

/**
 * The scene as shapes: what physics collides with, in the colours a camera sees. A function of
 * what an episode stores of a frame, so that recorded episodes can be looked at as well.
 */
export function sceneShapes({ scene }: Pick<Task, 'scene'>, look: Appearance): Shape[] {
  const { state, objects } = look;
  const frames = forwardKinematics(state, createFrames());
  const shapes: Shape[] = [
    ...scene.obstacles.map(
      ({ x, y, radius, height }): Shape => ({
        kind: 'post',
        base: [x, y, 0],
        radius,
        height,
        colour: POST_COLOUR,
      }),
    ),
    { kind: 'post', base: [-0.03, 0, -0.02], radius: 0.09, height: 0.14, colour: ARM },
  ];
  scene.objects.forEach(({ radius, seen }, i) => {
    shapes.push({ kind: 'ball', centre: objects[i], radius, colour: seen });
  });
  for (const { link, centre, halfLength, radius, along } of CAPSULES) {
    const at = (offset: number): Vec3 => {
      const local = [...centre];
      local[along === 'y' ? 1 : 2] += offset;
      const r = frames.linkRotation.subarray(9 * link, 9 * link + 9);
      return transform(r, frames.linkPosition.subarray(3 * link, 3 * link + 3), local);
    };
    shapes.push({
      kind: 'capsule',
      from: at(-halfLength),
      to: at(halfLength),
      radius,
      colour: ARM,
    });
  }
  // From here on in the hand's frame: z along the fingers, y the axis they slide on.
  const { tcpPosition, tcpRotation: rotation } = frames;
  const inHand = (x: number, y: number, z: number) =>
    transform(rotation, tcpPosition, [x, y, z - HAND_TO_TCP]);
  shapes.push({
    kind: 'box',
    centre: inHand(0, 0, HAND_HALF_EXTENTS[2]),
    rotation,
    half: HAND_HALF_EXTENTS,
    colour: HAND,
  });
  const { x, y, z } = PAD_HALF_EXTENTS;
  for (const side of [1, -1]) {
    shapes.push({
      kind: 'box',
      centre: inHand(0, side * (state[JOINT_COUNT] / 2 + y), FINGER_OFFSET + z),
      rotation,
      half: [x, y, z],
      colour: FINGERS,
    });
  }
  return shapes;
}

function transform(r: ArrayLike<number>, origin: ArrayLike<number>, p: readonly number[]): Vec3 {
  return [
    origin[0] + r[0] * p[0] + r[1] * p[1] + r[2] * p[2],
    origin[1] + r[3] * p[0] + r[4] * p[1] + r[5] * p[2],
    origin[2] + r[6] * p[0] + r[7] * p[1] + r[8] * p[2],
  ];
}
