import { clamp, type Vec3 } from '../../../sim/index.ts';

/** Where the hand, pointing down, can be sent, m: a box … */
export const WORKSPACE = { x: [0.3, 0.78], y: [-0.35, 0.35], z: [0.02, 0.45] } as const;
/** … and within the arm's reach of this point: measured with the inverse kinematics, less a margin. */
const REACH = { centreZ: 0.11, radius: 0.785 } as const;

/** The nearest place that can be reached, roughly. */
export function clampToWorkspace([x, y, z]: Vec3): Vec3 {
  const inX = clamp(x, ...WORKSPACE.x);
  const inY = clamp(y, ...WORKSPACE.y);
  const inZ = clamp(z, ...WORKSPACE.z);
  const height = inZ - REACH.centreZ;
  const farthest = Math.sqrt(REACH.radius ** 2 - height ** 2);
  const distance = Math.hypot(inX, inY);
  if (distance <= farthest) return [inX, inY, inZ];
  const scale = farthest / distance;
  return [inX * scale, inY * scale, inZ];
}
