import type { RevoluteImpulseJoint, RigidBody, World } from '@dimforge/rapier3d-compat';
import { symmetricEigen } from '../math/eigen.ts';
import {
  type Mat3,
  matrixFromQuat,
  quatFromAxisAngle,
  quatFromMatrix,
  quatMultiply,
} from '../math/rotation.ts';
import { atan2 } from '../math/trig.ts';
import { QUAT_IDENTITY, type Quat, type Vec3 } from '../math/vec.ts';
import { collisionGroups, GROUP, type Rapier } from '../physics.ts';
import { createFrames, forwardKinematics } from './kinematics.ts';
import {
  FLANGE_OFFSET,
  HAND_HALF_WIDTH,
  HAND_INERTIA,
  HAND_YAW,
  HAND_YAW_COS,
  HAND_YAW_SIN,
  JOINT_COUNT,
  JOINT_MIDDLE,
  JOINTS,
  type LinkInertia,
  TCP_OFFSET,
} from './panda.ts';

/**
 * Rotor inertia seen through the gears, kg·m², added to every link in all directions. Without it
 * the light wrist links and the stiff motors make the solver diverge (limit: about 0.005).
 */
const ROTOR_INERTIA = 0.05;

/** Rapier joints turn about x; this turns x to z, the axis of a Denavit–Hartenberg joint. */
const X_TO_Z: Quat = { x: 0, y: -Math.SQRT1_2, z: 0, w: Math.SQRT1_2 };
/** Capsules lie along y; these lay them along the named axis. */
const ALONG: Record<'y' | 'z', Quat> = {
  y: QUAT_IDENTITY,
  z: { x: Math.SQRT1_2, y: 0, z: 0, w: Math.SQRT1_2 },
};

/** Collision shapes of the links: capsules in link frames, m. */
export const CAPSULES: readonly {
  link: number;
  centre: Vec3;
  halfLength: number;
  radius: number;
  along: 'y' | 'z';
}[] = [
  { link: 0, centre: [0, 0, -0.1915], halfLength: 0.14, radius: 0.06, along: 'z' },
  { link: 1, centre: [0, 0, 0], halfLength: 0.06, radius: 0.06, along: 'z' },
  { link: 2, centre: [0, 0, -0.145], halfLength: 0.075, radius: 0.06, along: 'z' },
  { link: 3, centre: [0, 0, 0], halfLength: 0.06, radius: 0.06, along: 'z' },
  { link: 4, centre: [0, 0, -0.26], halfLength: 0.05, radius: 0.06, along: 'z' },
  { link: 4, centre: [0, 0.08, -0.13], halfLength: 0.07, radius: 0.025, along: 'z' },
  { link: 5, centre: [0, 0, -0.03], halfLength: 0.04, radius: 0.05, along: 'z' },
  { link: 6, centre: [0, 0, 0.02], halfLength: 0.04, radius: 0.045, along: 'z' },
];

/** Half extents of the hand's box, m; its y is the axis the fingers slide on. */
export const HAND_HALF_EXTENTS: Vec3 = [0.028, HAND_HALF_WIDTH, 0.033];

/** Rapier handles of the arm's bodies and joints; they stay valid across snapshots. */
export interface ArmHandles {
  readonly links: readonly number[];
  readonly joints: readonly number[];
}

/**
 * Adds the seven links to a world: dynamic bodies held by torque-limited motors.
 *
 * Links do not feel gravity (ideal gravity compensation, as the real arm's controller does) and
 * do not collide with each other.
 *
 * @param q 7 initial joint positions, rad
 */
export function buildArm(rapier: Rapier, world: World, q: ArrayLike<number>): ArmHandles {
  const frames = forwardKinematics(q, createFrames());
  const base = world.createRigidBody(rapier.RigidBodyDesc.fixed());
  world.createCollider(
    rapier.ColliderDesc.cylinder(0.07, 0.09)
      .setRotation(ALONG.z)
      .setTranslation(-0.03, 0, 0.07)
      .setCollisionGroups(collisionGroups(GROUP.arm, GROUP.object | GROUP.post)),
    base,
  );
  const links: RigidBody[] = [];
  const joints: RevoluteImpulseJoint[] = [];
  for (let i = 0; i < JOINT_COUNT; i++) {
    const rotation = quatFromMatrix(frames.linkRotation.subarray(9 * i, 9 * i + 9));
    const [x, y, z] = frames.linkPosition.subarray(3 * i, 3 * i + 3);
    const link = addLink(rapier, world, linkInertia(i), [x, y, z], rotation);
    joints.push(addMotor(rapier, world, i, i === 0 ? base : links[i - 1], link));
    links.push(link);
  }
  for (const { link, centre, halfLength, radius, along } of CAPSULES) {
    world.createCollider(
      rapier.ColliderDesc.capsule(halfLength, radius)
        .setRotation(ALONG[along])
        .setTranslation(...centre)
        .setDensity(0)
        .setFriction(0.3)
        .setCollisionGroups(collisionGroups(GROUP.arm, GROUP.object | GROUP.post)),
      links[link],
    );
  }
  world.createCollider(
    rapier.ColliderDesc.cuboid(...HAND_HALF_EXTENTS)
      .setRotation(quatFromAxisAngle([0, 0, 1], HAND_YAW))
      .setTranslation(0, 0, FLANGE_OFFSET + HAND_HALF_EXTENTS[2])
      .setDensity(0)
      .setFriction(0.3)
      .setCollisionGroups(collisionGroups(GROUP.arm, GROUP.object | GROUP.post | GROUP.table)),
    links[JOINT_COUNT - 1],
  );
  return { links: links.map((body) => body.handle), joints: joints.map((joint) => joint.handle) };
}

function addLink(
  rapier: Rapier,
  world: World,
  { mass, centre, inertia }: LinkInertia,
  position: Vec3,
  rotation: Quat,
): RigidBody {
  const { values, axes } = symmetricEigen(inertia);
  return world.createRigidBody(
    rapier.RigidBodyDesc.dynamic()
      .setTranslation(...position)
      .setRotation(rotation)
      .setCanSleep(false)
      .setGravityScale(0)
      .setAdditionalMassProperties(
        mass,
        { x: centre[0], y: centre[1], z: centre[2] },
        {
          x: values[0] + ROTOR_INERTIA,
          y: values[1] + ROTOR_INERTIA,
          z: values[2] + ROTOR_INERTIA,
        },
        quatFromMatrix(axes),
      ),
  );
}

function addMotor(
  rapier: Rapier,
  world: World,
  index: number,
  parent: RigidBody,
  link: RigidBody,
): RevoluteImpulseJoint {
  const { a, d, twist, range, maxTorque } = JOINTS[index];
  const anchor = { x: a, y: -twist.sin * d, z: twist.cos * d };
  const origin = { x: 0, y: 0, z: 0 };
  const joint = world.createImpulseJoint(
    rapier.JointData.revolute(anchor, origin, { x: 0, y: 0, z: 1 }),
    parent,
    link,
    true,
  ) as RevoluteImpulseJoint;
  const twistAngle = atan2(twist.sin, twist.cos);
  const parentFrame = quatMultiply(
    quatMultiply(
      quatFromAxisAngle([1, 0, 0], twistAngle),
      quatFromAxisAngle([0, 0, 1], JOINT_MIDDLE[index]),
    ),
    X_TO_Z,
  );
  // With these frames the motor's angle is q − middle, well inside (−π, π) for every joint.
  joint.setLocalFrame1(anchor, parentFrame);
  joint.setLocalFrame2(origin, X_TO_Z);
  joint.setContactsEnabled(false);
  joint.setLimits(range[0] - JOINT_MIDDLE[index], range[1] - JOINT_MIDDLE[index]);
  joint.configureMotorModel(rapier.MotorModel.ForceBased);
  joint.setMotorMaxForce(maxTorque);
  return joint;
}

/** The last link carries the hand: one body with the mass properties of both. */
function linkInertia(index: number): LinkInertia {
  const { link } = JOINTS[index];
  if (index < JOINT_COUNT - 1) return link;
  const c = HAND_YAW_COS;
  const s = HAND_YAW_SIN;
  const [hx, hy, hz] = HAND_INERTIA.centre;
  const [ixx, iyy, izz] = HAND_INERTIA.inertia;
  const hand: LinkInertia = {
    mass: HAND_INERTIA.mass,
    centre: [c * hx - s * hy, s * hx + c * hy, FLANGE_OFFSET + hz],
    inertia: [c * c * ixx + s * s * iyy, s * s * ixx + c * c * iyy, izz, c * s * (ixx - iyy), 0, 0],
  };
  return combine(link, hand);
}

/** Two rigid bodies in one frame joined into one, by the parallel-axis theorem. */
function combine(a: LinkInertia, b: LinkInertia): LinkInertia {
  const mass = a.mass + b.mass;
  const centre = [0, 1, 2].map((k) => (a.mass * a.centre[k] + b.mass * b.centre[k]) / mass);
  const sum = [0, 0, 0, 0, 0, 0];
  for (const part of [a, b]) {
    const [x, y, z] = [0, 1, 2].map((k) => part.centre[k] - centre[k]);
    const offset = [y * y + z * z, x * x + z * z, x * x + y * y, -x * y, -x * z, -y * z];
    for (let k = 0; k < 6; k++) sum[k] += part.inertia[k] + part.mass * offset[k];
  }
  const [xx, yy, zz, xy, xz, yz] = sum;
  return { mass, centre: [centre[0], centre[1], centre[2]], inertia: [xx, yy, zz, xy, xz, yz] };
}

/** The arm in a running world: drives its motors and reads its pose. */
export class Arm {
  readonly links: readonly RigidBody[];
  readonly #joints: readonly RevoluteImpulseJoint[];
  readonly #rotation: Mat3 = new Float64Array(9);
  readonly #other: Mat3 = new Float64Array(9);

  constructor(world: World, handles: ArmHandles) {
    this.links = handles.links.map((handle) => world.getRigidBody(handle));
    this.#joints = handles.joints.map(
      (handle) => world.getImpulseJoint(handle) as RevoluteImpulseJoint,
    );
  }

  get hand(): RigidBody {
    return this.links[JOINT_COUNT - 1];
  }

  /**
   * Sets the motors' targets for the next substep.
   *
   * @param position 7 joint positions, rad
   * @param velocity 7 joint velocities, rad/s; without them the arm lags by kd/kp = 0.1 s
   */
  drive(position: ArrayLike<number>, velocity: ArrayLike<number>): void {
    for (let i = 0; i < JOINT_COUNT; i++) {
      const { stiffness } = JOINTS[i];
      const target = position[i] - JOINT_MIDDLE[i];
      this.#joints[i].configureMotor(target, velocity[i], stiffness, stiffness / 10);
    }
  }

  /** Joint positions, rad, from the poses of the links: `out[0…6]`. */
  readPositions(out: Float64Array | Float32Array): void {
    let parent = matrixFromQuat(QUAT_IDENTITY, this.#rotation);
    let link = this.#other;
    for (let i = 0; i < JOINT_COUNT; i++) {
      matrixFromQuat(this.links[i].rotation(), link);
      const { twist } = JOINTS[i];
      // The joint angle is that of the link's x axis in the parent's twisted xy plane.
      let x = 0;
      let y = 0;
      for (let row = 0; row < 9; row += 3) {
        x += parent[row] * link[row];
        y += (parent[row + 1] * twist.cos + parent[row + 2] * twist.sin) * link[row];
      }
      out[i] = unwrap(atan2(y, x), JOINT_MIDDLE[i]);
      [parent, link] = [link, parent];
    }
  }

  /** Position of the TCP, m. */
  tcp(): Vec3 {
    const t = this.hand.translation();
    const r = matrixFromQuat(this.hand.rotation(), this.#rotation);
    return [t.x + r[2] * TCP_OFFSET, t.y + r[5] * TCP_OFFSET, t.z + r[8] * TCP_OFFSET];
  }

  /** Largest distance between the two anchors of a joint but the first, m. */
  anchorError(): number {
    let largest = 0;
    for (let i = 1; i < JOINT_COUNT; i++) {
      const { a, d, twist } = JOINTS[i];
      const r = matrixFromQuat(this.links[i - 1].rotation(), this.#rotation);
      const from = this.links[i - 1].translation();
      const to = this.links[i].translation();
      const ay = -twist.sin * d;
      const az = twist.cos * d;
      const dx = from.x + r[0] * a + r[1] * ay + r[2] * az - to.x;
      const dy = from.y + r[3] * a + r[4] * ay + r[5] * az - to.y;
      const dz = from.z + r[6] * a + r[7] * ay + r[8] * az - to.z;
      largest = Math.max(largest, Math.sqrt(dx * dx + dy * dy + dz * dz));
    }
    return largest;
  }
}

/** The angle equal to `angle` modulo 2π that lies within π of `centre`. */
function unwrap(angle: number, centre: number): number {
  if (angle < centre - Math.PI) return angle + 2 * Math.PI;
  if (angle > centre + Math.PI) return angle - 2 * Math.PI;
  return angle;
}
