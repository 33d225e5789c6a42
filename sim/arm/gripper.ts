import type { PrismaticImpulseJoint, RigidBody, World } from '@dimforge/rapier3d-compat';
import { type Mat3, matrixFromQuat, quatFromAxisAngle, quatFromMatrix } from '../math/rotation.ts';
import { clamp } from '../math/vec.ts';
import { collisionGroups, GROUP, type Rapier, SUBSTEP } from '../physics.ts';
import { createFrames, forwardKinematics } from './kinematics.ts';
import { FLANGE_OFFSET, HAND_TO_TCP, HAND_YAW, MAX_GRIPPER_OPENING, SLIDE_AXIS } from './panda.ts';

const STIFFNESS = 4000;
const DAMPING = 100;
const MAX_FORCE = 40;
/** Force with which the pads press on what stops them, N. */
const GRIP_FORCE = 15;
/** Speed of one finger, m/s. */
const FINGER_SPEED = 0.1;
/** Heavier than the real finger (0.015 kg): the solver needs it beside a 20 kg arm. */
const FINGER_MASS = 0.1;
const FINGER_INERTIA = 5e-3;
/** From the hand's frame to where the fingers begin, along z, m. */
export const FINGER_OFFSET = 0.0584;
export const PAD_HALF_EXTENTS = { x: 0.0105, y: 0.006, z: 0.0269 };
/** The two fingers, by the sign of their side along the slide axis. */
const SIDES = [1, -1] as const;

export interface GripperHandles {
  readonly fingers: readonly number[];
  readonly joints: readonly number[];
}

/**
 * Adds two fingers that slide on the hand.
 *
 * @param q       7 initial joint positions, rad
 * @param opening initial opening between the pads, m
 */
export function buildGripper(
  rapier: Rapier,
  world: World,
  hand: RigidBody,
  q: ArrayLike<number>,
  opening: number,
): GripperHandles {
  const { tcpPosition, tcpRotation: R } = forwardKinematics(q, createFrames());
  const rotation = quatFromMatrix(R);
  const back = FINGER_OFFSET - HAND_TO_TCP;
  const fingers: number[] = [];
  const joints: number[] = [];
  for (const side of SIDES) {
    const slide = (side * opening) / 2;
    const [x, y, z] = [0, 3, 6].map(
      (row, i) => tcpPosition[i] + R[row + 2] * back + R[row + 1] * slide,
    );
    const finger = world.createRigidBody(
      rapier.RigidBodyDesc.dynamic()
        .setTranslation(x, y, z)
        .setRotation(rotation)
        .setCanSleep(false)
        .setGravityScale(0)
        .setAdditionalMassProperties(
          FINGER_MASS,
          { x: 0, y: 0.01 * side, z: 0.025 },
          { x: FINGER_INERTIA, y: FINGER_INERTIA, z: FINGER_INERTIA },
          { x: 0, y: 0, z: 0, w: 1 },
        ),
    );
    world.createCollider(
      rapier.ColliderDesc.cuboid(PAD_HALF_EXTENTS.x, PAD_HALF_EXTENTS.y, PAD_HALF_EXTENTS.z)
        .setTranslation(0, side * PAD_HALF_EXTENTS.y, PAD_HALF_EXTENTS.z)
        .setDensity(0)
        .setFriction(1)
        .setFrictionCombineRule(rapier.CoefficientCombineRule.Max)
        .setCollisionGroups(collisionGroups(GROUP.finger, GROUP.object | GROUP.post | GROUP.table)),
      finger,
    );
    fingers.push(finger.handle);
    joints.push(addSlider(rapier, world, hand, finger, side).handle);
  }
  return { fingers, joints };
}

function addSlider(
  rapier: Rapier,
  world: World,
  hand: RigidBody,
  finger: RigidBody,
  side: 1 | -1,
): PrismaticImpulseJoint {
  const anchor = { x: 0, y: 0, z: FLANGE_OFFSET + FINGER_OFFSET };
  const origin = { x: 0, y: 0, z: 0 };
  const joint = world.createImpulseJoint(
    rapier.JointData.prismatic(anchor, origin, { x: 0, y: side, z: 0 }),
    hand,
    finger,
    true,
  ) as PrismaticImpulseJoint;
  // Rapier slides along the frames' x axis; a quarter turn brings it onto ±y.
  const quarter = (side * Math.PI) / 2;
  joint.setLocalFrame1(anchor, quatFromAxisAngle([0, 0, 1], HAND_YAW + quarter));
  joint.setLocalFrame2(origin, quatFromAxisAngle([0, 0, 1], quarter));
  joint.setContactsEnabled(false);
  joint.setLimits(0, MAX_GRIPPER_OPENING / 2);
  joint.configureMotorModel(rapier.MotorModel.ForceBased);
  joint.setMotorMaxForce(MAX_FORCE);
  return joint;
}

/** The gripper in a running world. */
export class Gripper {
  readonly fingers: readonly RigidBody[];
  readonly #joints: readonly PrismaticImpulseJoint[];
  readonly #hand: RigidBody;
  readonly #rotation: Mat3 = new Float64Array(9);
  #reference: number;

  constructor(world: World, hand: RigidBody, handles: GripperHandles, reference: number) {
    this.fingers = handles.fingers.map((handle) => world.getRigidBody(handle));
    this.#joints = handles.joints.map(
      (handle) => world.getImpulseJoint(handle) as PrismaticImpulseJoint,
    );
    this.#hand = hand;
    this.#reference = reference;
  }

  /** Commanded position of one finger, m; JavaScript state that no Rapier snapshot holds. */
  get reference(): number {
    return this.#reference;
  }

  /**
   * Sets both motors for the next substep; call it before each.
   *
   * Both fingers get one target, so they move as if geared. The target stays within the travel
   * that GRIP_FORCE needs of where the fingers are, so what they close on is held with that force.
   *
   * @param opening wanted opening between the pads, m
   */
  drive(opening: number): void {
    const travel = FINGER_SPEED * SUBSTEP;
    const squeeze = GRIP_FORCE / STIFFNESS;
    const actual = this.opening() / 2;
    const moved = this.#reference + clamp(opening / 2 - this.#reference, -travel, travel);
    this.#reference = clamp(moved, actual - squeeze, actual + squeeze);
    for (const joint of this.#joints) {
      joint.configureMotorPosition(this.#reference, STIFFNESS, DAMPING);
    }
  }

  /** Opening between the pads, m. */
  opening(): number {
    const r = matrixFromQuat(this.#hand.rotation(), this.#rotation);
    const [sx, sy] = SLIDE_AXIS;
    const ax = r[0] * sx + r[1] * sy;
    const ay = r[3] * sx + r[4] * sy;
    const az = r[6] * sx + r[7] * sy;
    const a = this.fingers[0].translation();
    const b = this.fingers[1].translation();
    return (a.x - b.x) * ax + (a.y - b.y) * ay + (a.z - b.z) * az;
  }
}
