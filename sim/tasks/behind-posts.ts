/**
 * What the tasks behind posts share: the table with its posts, the balls, where the hand begins,
 * and how a path past a row of posts is read.
 */
import type { RigidBody, World } from '@dimforge/rapier3d-compat';
import { IkSolver } from '../arm/ik.ts';
import { createFrames, forwardKinematics } from '../arm/kinematics.ts';
import { HAND_HALF_WIDTH, HOME, JOINT_COUNT, JOINTS, MAX_GRIPPER_OPENING } from '../arm/panda.ts';
import { SimError } from '../errors.ts';
import { handDown } from '../math/rotation.ts';
import { distance, type Vec3 } from '../math/vec.ts';
import { collisionGroups, GROUP, type Rapier } from '../physics.ts';
import type { InitialState, Mode, Moment, Obstacle, Progress, Task } from './task.ts';

/** A ball to be grasped. */
export const BALL = { radius: 0.03, mass: 0.15 } as const;

/** Ranges the hand's start is drawn from, m and rad: centre ± spread. */
const HAND_START = {
  tcp: { centre: [0.34, 0, 0.14], spread: [0.02, 0.03, 0.02] },
  yaw: 0.1,
} as const;

/** What rounding to f32 may add to a limit. */
const F32_ROUNDING = 1e-6;
/** What the inverse kinematics may miss a drawn start by, m. */
const START_TOLERANCE = 1e-3;

/** Height above rest that counts as lifted, m. */
const LIFT = 0.1;
/** Distance from the TCP within which a ball counts as held, m. */
const GRASP_RADIUS = 0.03;
/** How long a ball must stay lifted and held, s. */
const HOLD_TIME = 0.5;
/** A path that crosses less than this below a post's top, or higher, goes over the post, m. */
const OVER_MARGIN = 0.02;

const CYLINDER_TO_Z = { x: Math.SQRT1_2, y: 0, z: 0, w: Math.SQRT1_2 };

/** A number within `spread` of `centre`. */
export type DrawAround = (centre: number, spread: number) => number;

/**
 * Joints and gripper where an episode begins: the hand before the post, pointing down.
 *
 * @param seed for the message of the error
 * @throws SimError where the drawn pose is out of reach
 */
export function drawHandStart(
  around: DrawAround,
  seed: number,
): Pick<InitialState, 'joints' | 'gripperOpening'> {
  const { tcp, yaw } = HAND_START;
  const position = tcp.centre.map((centre, i) => around(centre, tcp.spread[i]));
  const handYaw = around(0, yaw);
  const joints = new Float64Array(JOINT_COUNT);
  const ik = new IkSolver().solve(HOME, position, handDown(handYaw), joints, {
    maxIterations: 200,
  });
  if (!ik.converged) throw new SimError(`start of seed ${seed} is out of the arm's reach`);
  return {
    joints: Array.from(joints, Math.fround),
    gripperOpening: Math.fround(MAX_GRIPPER_OPENING),
  };
}

/**
 * Refuses a start at which no episode behind the post could begin.
 *
 * @param names  of the balls there should be, in order
 * @param bounds where a ball may lie, m
 * @throws SimError that says what was expected
 */
export function checkStart(
  { joints, gripperOpening, objects }: InitialState,
  names: readonly string[],
  bounds: { x: readonly [number, number]; y: readonly [number, number] },
): void {
  if (joints.length !== JOINT_COUNT || objects.length !== names.length) {
    throw new SimError(
      `initial state: expected ${JOINT_COUNT} joints and ${names.length} ` +
        `${names.length === 1 ? 'object' : 'objects'}, ` +
        `got ${joints.length} and ${objects.length}`,
    );
  }
  joints.forEach((q, i) => {
    within(q, JOINTS[i].range, `${JOINTS[i].name} (rad)`);
  });
  within(gripperOpening, [0, MAX_GRIPPER_OPENING], 'gripper opening (m)');
  objects.forEach(([x, y, z], i) => {
    within(x, bounds.x, `${names[i]} x (m)`);
    within(y, bounds.y, `${names[i]} y (m)`);
    within(z, [BALL.radius - 1e-3, BALL.radius + 1e-3], `${names[i]} z (m)`);
  });
  const { tcpPosition } = forwardKinematics(joints, createFrames());
  HAND_START.tcp.centre.forEach((centre, i) => {
    const reach = HAND_START.tcp.spread[i] + START_TOLERANCE;
    within(tcpPosition[i], [centre - reach, centre + reach], `TCP ${'xyz'[i]} (m)`);
  });
  const inexact = [...joints, gripperOpening, ...objects.flat()].find(
    (value) => value !== Math.fround(value),
  );
  if (inexact !== undefined) {
    throw new SimError(`initial state: expected numbers that are exactly f32, got ${inexact}`);
  }
}

function within(value: number, [low, high]: readonly [number, number], what: string): void {
  if (!(value >= low - F32_ROUNDING && value <= high + F32_ROUNDING)) {
    throw new SimError(`${what}: expected ${low} to ${high}, got ${value}`);
  }
}

/** Puts table and posts into a world. @returns the handles of the posts, in their order */
export function buildTableAndPosts(
  rapier: Rapier,
  world: World,
  posts: readonly Obstacle[],
): number[] {
  world.createCollider(
    rapier.ColliderDesc.cuboid(0.6, 0.7, 0.05)
      .setTranslation(0.4, 0, -0.05)
      .setFriction(0.6)
      .setCollisionGroups(collisionGroups(GROUP.table, GROUP.object | GROUP.finger | GROUP.arm)),
  );
  return posts.map(({ x, y, radius, height }) => {
    const post = world.createCollider(
      rapier.ColliderDesc.cylinder(height / 2, radius)
        .setRotation(CYLINDER_TO_Z)
        .setTranslation(x, y, height / 2)
        .setFriction(0.5)
        .setCollisionGroups(collisionGroups(GROUP.post, GROUP.object | GROUP.finger | GROUP.arm)),
    );
    return post.handle;
  });
}

/** @param touches groups a ball collides with besides table, arm and post */
export function buildBall(rapier: Rapier, world: World, centre: Vec3, touches = 0): RigidBody {
  const ball = world.createRigidBody(
    rapier.RigidBodyDesc.dynamic()
      .setTranslation(...centre)
      .setCanSleep(false)
      .setAngularDamping(1)
      .setLinearDamping(0.1),
  );
  world.createCollider(
    rapier.ColliderDesc.ball(BALL.radius)
      .setMass(BALL.mass)
      .setFriction(1)
      .setCollisionGroups(
        collisionGroups(
          GROUP.object,
          GROUP.table | GROUP.finger | GROUP.arm | GROUP.post | touches,
        ),
      ),
    ball,
  );
  return ball;
}

/** Whether a ball is up and between the fingers. */
function isHeldUp(ball: Vec3, tcp: Vec3): boolean {
  return ball[2] - BALL.radius > LIFT && distance(ball, tcp) < GRASP_RADIUS;
}

/**
 * Judges a moment of an episode in which a ball is to be lifted and held without a break.
 *
 * @param passage of the posts before the balls
 * @param balls   their names, in the order of the task's objects
 */
export function judgeGrasp(
  passage: Passage,
  balls: readonly string[],
  progress: Progress,
  moment: Moment,
): Progress {
  const { tcp, objects, goal, dt } = moment;
  const passed = passage.judge(progress, moment);
  const lifted = balls.find((_, i) => isHeldUp(objects[i], tcp)) ?? null;
  const right = lifted !== null && (goal.object === null || goal.object === lifted);
  const held = right ? progress.held + dt : 0;
  const { mode, contact, overObstacle, lost, previousTcp } = passed;
  const barred = contact || overObstacle || lost || mode === null;
  const success = !barred && (progress.success || held >= HOLD_TIME);
  // Name by name: a spread takes two microseconds, and this is asked at every substep.
  return { mode, contact, overObstacle, lost, previousTcp, held, success, lifted };
}

/** How paths past the posts of a task are read. */
export interface Passage extends Required<Pick<Task, 'classifyPath' | 'lateralOffset'>> {
  /** How the hand has come past the posts so far, and whether that has barred success. */
  judge(
    progress: Progress,
    moment: Moment,
  ): Pick<Progress, 'mode' | 'contact' | 'overObstacle' | 'lost' | 'previousTcp'>;
}

/**
 * Ways past posts that stand in a row across the table: beside the first, between each two, beside
 * the last.
 *
 * @param posts at least one, all at the same x, from the robot's left (+y) to its right, with room
 *              for the hand between each two
 * @param modes what each way is called, in the same order
 * @throws SimError for anything else, before an episode could be judged by it
 */
export function passageOf(posts: readonly Obstacle[], modes: readonly Mode[]): Passage {
  checkRow(posts);
  checkModes(posts, modes);
  const { x } = posts[0];
  const wayAt = (y: number) => modes[posts.filter((post) => post.y >= y).length].name;
  // At working height the hand hits a post where its box does, which is wider than the fingers and
  // hangs below the posts' tops.
  const inTheWay = (y: number) =>
    posts.find((post) => Math.abs(y - post.y) < post.radius + HAND_HALF_WIDTH);
  const goesOver = ({ y, z }: { y: number; z: number }) => {
    const post = inTheWay(y);
    return post !== undefined && z >= post.height - OVER_MARGIN;
  };
  const lateralOffset = (path: readonly Vec3[]): number | null => {
    for (let i = 1; i < path.length; i++) {
      const crossed = crossing(x, path[i - 1], path[i]);
      if (crossed) return crossed.y;
    }
    return null;
  };
  return {
    lateralOffset,
    judge(progress, { tcp, objects, obstacleTouched }) {
      const { previousTcp } = progress;
      const crossed = previousTcp && crossing(x, previousTcp, tcp);
      return {
        mode: crossed ? wayAt(crossed.y) : progress.mode,
        contact: progress.contact || obstacleTouched,
        overObstacle: progress.overObstacle || (crossed !== null && goesOver(crossed)),
        lost: progress.lost || objects.some((ball) => ball[2] < 0),
        previousTcp: tcp,
      };
    },
    classifyPath(path) {
      const y = lateralOffset(path);
      if (y === null) return null;
      return inTheWay(y) ? 'invalid' : wayAt(y);
    },
  };
}

function checkRow(posts: readonly Obstacle[]): void {
  if (posts.length === 0) {
    throw new SimError(
      'posts: expected at least one, got none: a way past posts is told by where they are crossed; ' +
        'a task without posts needs a judge and a classifyPath of its own',
    );
  }
  const { x } = posts[0];
  if (posts.some((post, i) => post.x !== x || (i > 0 && post.y >= posts[i - 1].y))) {
    throw new SimError(
      `posts: expected a row at x = ${x} from left (+y) to right, got ` +
        posts.map((post) => `(${post.x}, ${post.y})`).join(', '),
    );
  }
  posts.slice(1).forEach((right, i) => {
    const left = posts[i];
    const gap = left.y - left.radius - (right.y + right.radius);
    if (gap > 2 * HAND_HALF_WIDTH) return;
    throw new SimError(
      `posts: expected more than the hand's ${2 * HAND_HALF_WIDTH} m between those at ` +
        `y = ${left.y} and ${right.y}, got ${gap.toFixed(3)} m; set them farther apart`,
    );
  });
}

function checkModes(posts: readonly Obstacle[], modes: readonly Mode[]): void {
  const names = modes.map(({ name }) => name);
  if (modes.length !== posts.length + 1) {
    throw new SimError(
      `modes: expected one more than the ${posts.length} ${posts.length === 1 ? 'post' : 'posts'}` +
        `, for the ways beside and between them, got ${modes.length} (${names.join(', ')})`,
    );
  }
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) {
    throw new SimError(`modes: expected a name of its own for each way, got "${twice}" twice`);
  }
}

/** The TCP's y and z where it moves forward through the plane at `x` between two points. */
function crossing(x: number, from: Vec3, to: Vec3): { y: number; z: number } | null {
  if (!(from[0] < x && to[0] >= x)) return null;
  const u = (x - from[0]) / (to[0] - from[0]);
  return { y: from[1] + u * (to[1] - from[1]), z: from[2] + u * (to[2] - from[2]) };
}
