/**
 * The arm's numbers: a seven-joint arm with the kinematics and inertias of the Franka Emika Panda.
 *
 * Kinematics, limits: Franka Control Interface documentation, "Robot and interface
 * specifications". Inertias: as published in MuJoCo Menagerie (Apache-2.0).
 * Metres, kilograms, radians, right-handed, z up, origin at the centre of the base on the table.
 */
import type { Symmetric3 } from '../math/eigen.ts';
import type { Vec3 } from '../math/vec.ts';

export const JOINT_COUNT = 7;

/** One joint in modified (Craig) Denavit–Hartenberg form, with the link it moves. */
export interface JointSpec {
  readonly name: string;
  /** Distance along the previous x axis, m. */
  readonly a: number;
  /** Offset along the joint's own axis, m. */
  readonly d: number;
  /** Cosine and sine of the twist about the previous x axis; all twists are multiples of 90°. */
  readonly twist: { readonly cos: number; readonly sin: number };
  /** Lower and upper position limit, rad. */
  readonly range: readonly [number, number];
  /** rad/s */
  readonly maxVelocity: number;
  /** N·m */
  readonly maxTorque: number;
  /** Position gain of the joint's motor, N·m/rad; the velocity gain is a tenth of it. */
  readonly stiffness: number;
  readonly link: LinkInertia;
}

/** Mass (kg), centre of mass (m) and inertia about it (kg·m²), in the link's frame. */
export interface LinkInertia {
  readonly mass: number;
  readonly centre: Vec3;
  readonly inertia: Symmetric3;
}

const NO_TWIST = { cos: 1, sin: 0 };
const TWIST_UP = { cos: 0, sin: 1 };
const TWIST_DOWN = { cos: 0, sin: -1 };

export const JOINTS: readonly JointSpec[] = [
  {
    name: 'panda_joint1',
    a: 0,
    d: 0.333,
    twist: NO_TWIST,
    range: [-2.8973, 2.8973],
    maxVelocity: 2.175,
    maxTorque: 87,
    stiffness: 4500,
    link: {
      mass: 4.970684,
      centre: [0.003875, 0.002081, -0.04762],
      inertia: [0.70337, 0.70661, 0.009117, -0.000139, 0.006772, 0.019169],
    },
  },
  {
    name: 'panda_joint2',
    a: 0,
    d: 0,
    twist: TWIST_DOWN,
    range: [-1.7628, 1.7628],
    maxVelocity: 2.175,
    maxTorque: 87,
    stiffness: 4500,
    link: {
      mass: 0.646926,
      centre: [-0.003141, -0.02872, 0.003495],
      inertia: [0.007962, 0.02811, 0.025995, -0.003925, 0.010254, 0.000704],
    },
  },
  {
    name: 'panda_joint3',
    a: 0,
    d: 0.316,
    twist: TWIST_UP,
    range: [-2.8973, 2.8973],
    maxVelocity: 2.175,
    maxTorque: 87,
    stiffness: 3500,
    link: {
      mass: 3.228604,
      centre: [0.027518, 0.039252, -0.066502],
      inertia: [0.037242, 0.036155, 0.01083, -0.004761, -0.011396, -0.012805],
    },
  },
  {
    name: 'panda_joint4',
    a: 0.0825,
    d: 0,
    twist: TWIST_UP,
    range: [-3.0718, -0.0698],
    maxVelocity: 2.175,
    maxTorque: 87,
    stiffness: 3500,
    link: {
      mass: 3.587895,
      centre: [-0.05317, 0.104419, 0.027454],
      inertia: [0.025853, 0.019552, 0.028323, 0.007796, -0.001332, 0.008641],
    },
  },
  {
    name: 'panda_joint5',
    a: -0.0825,
    d: 0.384,
    twist: TWIST_DOWN,
    range: [-2.8973, 2.8973],
    maxVelocity: 2.61,
    maxTorque: 12,
    stiffness: 2000,
    link: {
      mass: 1.225946,
      centre: [-0.011953, 0.041065, -0.038437],
      inertia: [0.035549, 0.029474, 0.008627, -0.002117, -0.004037, 0.000229],
    },
  },
  {
    name: 'panda_joint6',
    a: 0,
    d: 0,
    twist: TWIST_UP,
    range: [-0.0175, 3.7525],
    maxVelocity: 2.61,
    maxTorque: 12,
    stiffness: 2000,
    link: {
      mass: 1.666555,
      centre: [0.060149, -0.014117, -0.010517],
      inertia: [0.001964, 0.004354, 0.005433, 0.000109, -0.001158, 0.000341],
    },
  },
  {
    name: 'panda_joint7',
    a: 0.088,
    d: 0,
    twist: TWIST_UP,
    range: [-2.8973, 2.8973],
    maxVelocity: 2.61,
    maxTorque: 12,
    stiffness: 2000,
    link: {
      mass: 0.735522,
      centre: [0.010517, -0.004252, 0.061597],
      inertia: [0.012516, 0.010027, 0.004815, -0.000428, -0.001196, -0.000741],
    },
  },
];

/** Hand without fingers, in the hand frame. */
export const HAND_INERTIA: LinkInertia = {
  mass: 0.73,
  centre: [-0.01, 0, 0.03],
  inertia: [0.001, 0.0025, 0.0017, 0, 0, 0],
};

/** From the last joint's frame to the hand's, along its z axis, m. */
export const FLANGE_OFFSET = 0.107;
/** From the hand's frame to the point between the finger tips (TCP), m. */
export const HAND_TO_TCP = 0.1034;
/** From the last joint's frame to the TCP, m. */
export const TCP_OFFSET = FLANGE_OFFSET + HAND_TO_TCP;
/** The hand is mounted turned by −45° about the last joint's z axis. */
export const HAND_YAW = -Math.PI / 4;
/** Cosine and sine of HAND_YAW, exact in every JavaScript engine. */
export const HAND_YAW_COS = Math.SQRT1_2;
export const HAND_YAW_SIN = -Math.SQRT1_2;

/** Unit vector the fingers slide on, in the last joint's frame: the hand's y axis. */
export const SLIDE_AXIS = [-HAND_YAW_SIN, HAND_YAW_COS, 0] as const;

/** Opening between the finger pads when fully open, m. */
export const MAX_GRIPPER_OPENING = 0.08;
/** Half the width of the hand's box along its y axis, the axis the fingers slide on, m. */
export const HAND_HALF_WIDTH = 0.1;

/** The pose the null-space of the inverse kinematics is pulled to, rad. */
export const HOME: readonly number[] = [
  0,
  -Math.PI / 4,
  0,
  (-3 * Math.PI) / 4,
  0,
  Math.PI / 2,
  Math.PI / 4,
];

/** Middle of each joint's range, rad: the zero of the joint's motor. */
export const JOINT_MIDDLE: readonly number[] = JOINTS.map(({ range }) => (range[0] + range[1]) / 2);
