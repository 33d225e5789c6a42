import type { World } from '@dimforge/rapier3d-compat';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { IkSolver } from '../arm/ik.ts';
import { createFrames, forwardKinematics } from '../arm/kinematics.ts';
import { HAND_HALF_WIDTH, HOME, JOINT_COUNT, JOINTS, MAX_GRIPPER_OPENING } from '../arm/panda.ts';
import { SimError } from '../errors.ts';
import { handDown } from '../math/rotation.ts';
import { distance, type Vec3 } from '../math/vec.ts';
import { collisionGroups, GROUP, type Rapier } from '../physics.ts';
import type { InitialState, Moment, Progress, SceneHandles, Task } from './task.ts';

/** The post that stands between arm and object, m. */
export const POST = { x: 0.48, y: 0, radius: 0.025, height: 0.22 } as const;
/** The ball to be grasped. */
export const BALL = { radius: 0.03, mass: 0.15 } as const;

/** Ranges starts are drawn from, m and rad: centre ± spread. */
const START = {
  tcp: { centre: [0.34, 0, 0.14], spread: [0.02, 0.03, 0.02] },
  yaw: 0.1,
  ball: { centre: [0.68, 0], spread: [0.02, 0.03] },
} as const;

/** What rounding to f32 may add to a limit. */
const F32_ROUNDING = 1e-6;
/** What the inverse kinematics may miss a drawn start by, m. */
const START_TOLERANCE = 1e-3;

/** Where a person may put the ball: reachable, and behind the post. m */
export const BALL_BOUNDS = { x: [0.6, 0.74], y: [-0.12, 0.12] } as const;

/** Height above rest that counts as lifted, m. */
const LIFT = 0.1;
/** Distance from the TCP within which the ball counts as held, m. */
const GRASP_RADIUS = 0.03;
/** How long it must stay lifted and held, s. */
const HOLD_TIME = 0.5;
/** A crossing of the post's plane at this height or above goes over the post, m. */
const OVER_HEIGHT = 0.2;
/**
 * Half width of the corridor in which a path at working height hits the post: the hand's box is
 * wider than the fingers and hangs below the post's top.
 */
const BLOCKED_HALF_WIDTH = POST.radius + HAND_HALF_WIDTH;

const CYLINDER_TO_Z = { x: Math.SQRT1_2, y: 0, z: 0, w: Math.SQRT1_2 };

/** Side of the post, seen by the robot: +y is its left. */
function sideOf(y: number): 'left' | 'right' {
  return y > 0 ? 'left' : 'right';
}

/** The TCP's y and z where it moves forward through the post's plane between two points. */
function crossing(from: Vec3, to: Vec3): { y: number; z: number } | null {
  if (!(from[0] < POST.x && to[0] >= POST.x)) return null;
  const u = (POST.x - from[0]) / (to[0] - from[0]);
  return { y: from[1] + u * (to[1] - from[1]), z: from[2] + u * (to[2] - from[2]) };
}

function sampleInitialState(seed: number): InitialState {
  const random = mersenne(seed);
  const around = (centre: number, spread: number) =>
    centre + (2 * uniformFloat64(random) - 1) * spread;
  const { tcp, ball, yaw } = START;
  const position = tcp.centre.map((centre, i) => around(centre, tcp.spread[i]));
  const handYaw = around(0, yaw);
  const [x, y] = ball.centre.map((centre, i) => around(centre, ball.spread[i]));
  const joints = new Float64Array(JOINT_COUNT);
  const ik = new IkSolver().solve(HOME, position, handDown(handYaw), joints, {
    maxIterations: 200,
  });
  if (!ik.converged) throw new SimError(`start of seed ${seed} is out of the arm's reach`);
  return {
    joints: Array.from(joints, Math.fround),
    gripperOpening: Math.fround(MAX_GRIPPER_OPENING),
    objects: [[Math.fround(x), Math.fround(y), Math.fround(BALL.radius)]],
  };
}

function validateInitialState({ joints, gripperOpening, objects }: InitialState): void {
  const within = (value: number, [low, high]: readonly [number, number], what: string) => {
    if (!(value >= low - F32_ROUNDING && value <= high + F32_ROUNDING)) {
      throw new SimError(`${what}: expected ${low} to ${high}, got ${value}`);
    }
  };
  if (joints.length !== JOINT_COUNT || objects.length !== 1) {
    throw new SimError(
      `initial state: expected ${JOINT_COUNT} joints and 1 object, ` +
        `got ${joints.length} and ${objects.length}`,
    );
  }
  joints.forEach((q, i) => {
    within(q, JOINTS[i].range, `${JOINTS[i].name} (rad)`);
  });
  within(gripperOpening, [0, MAX_GRIPPER_OPENING], 'gripper opening (m)');
  const [x, y, z] = objects[0];
  within(x, BALL_BOUNDS.x, 'ball x (m)');
  within(y, BALL_BOUNDS.y, 'ball y (m)');
  within(z, [BALL.radius - 1e-3, BALL.radius + 1e-3], 'ball z (m)');
  const { tcpPosition } = forwardKinematics(joints, createFrames());
  START.tcp.centre.forEach((centre, i) => {
    const reach = START.tcp.spread[i] + START_TOLERANCE;
    within(tcpPosition[i], [centre - reach, centre + reach], `TCP ${'xyz'[i]} (m)`);
  });
  const inexact = [...joints, gripperOpening, x, y, z].find(
    (value) => value !== Math.fround(value),
  );
  if (inexact !== undefined) {
    throw new SimError(`initial state: expected numbers that are exactly f32, got ${inexact}`);
  }
}

function build(rapier: Rapier, world: World, initial: InitialState): SceneHandles {
  world.createCollider(
    rapier.ColliderDesc.cuboid(0.6, 0.7, 0.05)
      .setTranslation(0.4, 0, -0.05)
      .setFriction(0.6)
      .setCollisionGroups(collisionGroups(GROUP.table, GROUP.object | GROUP.finger | GROUP.arm)),
  );
  const post = world.createCollider(
    rapier.ColliderDesc.cylinder(POST.height / 2, POST.radius)
      .setRotation(CYLINDER_TO_Z)
      .setTranslation(POST.x, POST.y, POST.height / 2)
      .setFriction(0.5)
      .setCollisionGroups(collisionGroups(GROUP.post, GROUP.object | GROUP.finger | GROUP.arm)),
  );
  const ball = world.createRigidBody(
    rapier.RigidBodyDesc.dynamic()
      .setTranslation(...initial.objects[0])
      .setCanSleep(false)
      .setAngularDamping(1)
      .setLinearDamping(0.1),
  );
  world.createCollider(
    rapier.ColliderDesc.ball(BALL.radius)
      .setMass(BALL.mass)
      .setFriction(1)
      .setCollisionGroups(
        collisionGroups(GROUP.object, GROUP.table | GROUP.finger | GROUP.arm | GROUP.post),
      ),
    ball,
  );
  return { objects: [ball.handle], obstacle: post.handle };
}

function judge(progress: Progress, { tcp, objects, obstacleTouched, dt }: Moment): Progress {
  const { previousTcp } = progress;
  const crossed = previousTcp && crossing(previousTcp, tcp);
  const mode = crossed ? sideOf(crossed.y) : progress.mode;
  const overObstacle =
    progress.overObstacle ||
    (crossed !== null && crossed.z >= OVER_HEIGHT && Math.abs(crossed.y) < BLOCKED_HALF_WIDTH);
  const contact = progress.contact || obstacleTouched;
  const ball = objects[0];
  const lost = progress.lost || ball[2] < 0;
  const lifted = ball[2] - BALL.radius > LIFT && distance(ball, tcp) < GRASP_RADIUS;
  const held = lifted ? progress.held + dt : 0;
  const barred = contact || overObstacle || lost || mode === null;
  const success = !barred && (progress.success || held >= HOLD_TIME);
  return { mode, contact, overObstacle, lost, held, success, previousTcp: tcp };
}

function classifyPath(path: readonly Vec3[]): string | null {
  for (let i = 1; i < path.length; i++) {
    const crossed = crossing(path[i - 1], path[i]);
    if (crossed) return Math.abs(crossed.y) < BLOCKED_HALF_WIDTH ? 'invalid' : sideOf(crossed.y);
  }
  return null;
}

/** Grasp a ball behind a post, past the left or past the right of it. */
export const leftRight: Task = {
  name: 'left-right',
  title: 'Grasp the ball behind the post',
  instruction: 'Pick up the ball without touching the post.',
  modes: ['left', 'right'],
  timeLimit: 8,
  environmentNames: ['ball.x', 'ball.y', 'ball.z', 'tcp.x', 'tcp.y', 'tcp.z'],
  objectNames: ['ball'],
  sampleInitialState,
  validateInitialState,
  build,
  environmentState: (tcp, objects) => [...objects[0], ...tcp],
  judge,
  classifyPath,
};
