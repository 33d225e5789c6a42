import type { OnnxInput, OnnxManifest } from './manifest.ts';

/** What is to be known of the robot that acts. */
export interface Robot {
  /** Joints, before the gripper, in states and actions. */
  readonly joints: number;
  /** Of its open gripper, m. */
  readonly opening: number;
}

type Scaled = Pick<OnnxInput, 'min' | 'max' | 'mean' | 'std'>;

/** Ranges narrower than this do not vary, as in `Normalizer`. */
const CONSTANT = 1e-4;

/** x = centre + half · y of a component, for y as the file has it after its units; null: as it is. */
function scaleOf(
  { min, max, mean, std }: Scaled,
  i: number,
): { centre: number; half: number } | null {
  if (mean && std) return { centre: mean[i % mean.length], half: std[i % std.length] };
  if (!min || !max) return null;
  const [low, high] = [min[i % min.length], max[i % max.length]];
  return { centre: (low + high) / 2, half: high - low < CONSTANT ? 1 : (high - low) / 2 };
}

/** Of a component in the file's units, how many of ours it is: rad, m. */
function unitOf({ units }: OnnxManifest, { joints, opening }: Robot, component: number): number {
  if (component < joints) return units.joints === 'deg' ? Math.PI / 180 : 1;
  return component === joints && units.gripper === 'fraction' ? opening : 1;
}

/**
 * Our numbers as the file takes them, in place.
 *
 * @param isRobot whether they begin with joints and gripper
 * @param width   numbers of one control step
 */
export function toFile(
  values: Float32Array,
  scaled: Scaled,
  {
    manifest,
    robot,
    isRobot,
    width,
  }: { manifest: OnnxManifest; robot: Robot; isRobot: boolean; width: number },
): Float32Array {
  for (let i = 0; i < values.length; i++) {
    const unit = isRobot ? unitOf(manifest, robot, i % width) : 1;
    const scale = scaleOf(scaled, i);
    const value = unit === 1 ? values[i] : values[i] / unit;
    values[i] = scale ? (value - scale.centre) / scale.half : value;
  }
  return values;
}

/** The file's actions as ours, in place; `width` numbers each. */
export function fromFile(
  values: Float32Array,
  { manifest, robot, width }: { manifest: OnnxManifest; robot: Robot; width: number },
): Float32Array {
  for (let i = 0; i < values.length; i++) {
    const scale = scaleOf(manifest.output, i % width);
    const value = scale ? scale.centre + scale.half * values[i] : values[i];
    const unit = unitOf(manifest, robot, i % width);
    values[i] = unit === 1 ? value : value * unit;
  }
  return values;
}
