import { type BufferGeometry, Group, type Material, Matrix4, Mesh } from 'three';
import {
  FLANGE_OFFSET,
  HAND_TO_TCP,
  HAND_YAW,
  JOINT_COUNT,
  JOINTS,
  MAX_GRIPPER_OPENING,
} from '../../sim/arm/panda.ts';
import type { ArmFrame, ArmPart, ArmSurface } from './arm-parts.ts';
import type { Finish, Wardrobe } from './finishes.ts';

/** An arm one can pose. */
export interface ArmModel {
  readonly root: Group;
  /** At the point between the finger tips: z along the fingers, y the axis they slide on. */
  readonly tcp: Group;
  /**
   * Moves all frames, and brings their world matrices up to date.
   *
   * @param joints  7 positions, rad
   * @param opening between the finger pads, m
   */
  pose(joints: ArrayLike<number>, opening: number): void;
}

/**
 * The kinematic chain of `JOINTS`: link i is reached from link i−1 by
 * Rx(twist)·Tx(a)·Rz(q)·Tz(d), as in sim's `forwardKinematics`. Rz and Tz share an axis and
 * commute, so that a fixed frame Rx·Tx·Tz carries one that only turns.
 */
export function createArmModel(
  parts: readonly ArmPart[],
  finishes: Record<ArmSurface, Finish>,
  wardrobe: Wardrobe,
): ArmModel {
  const root = new Group();
  const links: Group[] = [];
  let parent = root;
  for (const { a, d, twist } of JOINTS) {
    const mount = new Group();
    mount.matrix
      .makeRotationX(Math.atan2(twist.sin, twist.cos))
      .multiply(new Matrix4().makeTranslation(a, 0, d));
    mount.matrix.decompose(mount.position, mount.quaternion, mount.scale);
    parent.add(freeze(mount));
    parent = new Group();
    mount.add(parent);
    links.push(parent);
  }

  const hand = new Group();
  hand.position.z = FLANGE_OFFSET;
  hand.rotation.z = HAND_YAW;
  links[JOINT_COUNT - 1].add(freeze(hand));
  const tcp = new Group();
  tcp.position.z = HAND_TO_TCP;
  const fingerLeft = new Group();
  const fingerRight = new Group();
  hand.add(freeze(tcp), fingerLeft, fingerRight);

  const [link1, link2, link3, link4, link5, link6, link7] = links;
  const frames: Record<ArmFrame, Group> = {
    base: root,
    link1,
    link2,
    link3,
    link4,
    link5,
    link6,
    link7,
    hand,
    fingerLeft,
    fingerRight,
  };
  for (const { frame, surface, geometry } of parts) {
    const mesh = new Mesh<BufferGeometry, Material>();
    mesh.castShadow = surface !== 'light';
    mesh.receiveShadow = surface !== 'light';
    wardrobe.dress(mesh, finishes[surface], geometry);
    frames[frame].add(freeze(mesh));
  }

  return {
    root,
    tcp,
    pose(joints, opening) {
      for (let i = 0; i < JOINT_COUNT; i++) links[i].rotation.z = joints[i];
      const slide = Math.min(Math.max(opening, 0), MAX_GRIPPER_OPENING) / 2;
      fingerLeft.position.y = slide;
      fingerRight.position.y = -slide;
      // All at once: asked for one frame's world matrix, three.js skips parents that are frozen.
      root.updateMatrixWorld();
    },
  };
}

/** Most frames never move against their parent; they need not be composed again each frame. */
function freeze<T extends Group | Mesh>(object: T): T {
  object.updateMatrix();
  object.matrixAutoUpdate = false;
  return object;
}
