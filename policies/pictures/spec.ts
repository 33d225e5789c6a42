import type { ConditionSpec } from '../config/condition.ts';
import { canBeGuided, checkGuidance } from '../config/guidance.ts';
import type { PictureSpec } from '../config/picture.ts';
import type { MethodName } from '../methods/index.ts';
import type { Network } from '../networks/network.ts';
import { createPictureUNet } from '../networks/picture-unet.ts';
import type { NetworkShape } from '../networks/shape.ts';
import { COLOURS } from '../pixels.ts';

/** What draws pictures, as it was trained: what a checkpoint holds of it. */
export interface TrainedPainter {
  /** What it was trained by. */
  readonly method: MethodName;
  readonly spec: PictureSpec;
  /** EMA weights, flat. */
  readonly weights: Float32Array;
}

/** A caption is what a policy reads that observes nothing. */
function conditionOf({ caption }: PictureSpec): ConditionSpec {
  return { ...caption, observed: [] };
}

/** @throws SpecError for a guidance scale that a painter cannot be asked for */
export function checkPictureGuidance({ caption }: PictureSpec, scale: number): void {
  checkGuidance({ instructions: true, guidance: canBeGuided(caption) }, scale);
}

/**
 * A picture as a chunk of its rows: what a policy has time steps for, and the components of an action.
 * So pictures are trained, noised and drawn by all that does so with chunks.
 */
export function pictureShape(
  spec: PictureSpec,
): NetworkShape & { readonly condition: ConditionSpec } {
  return {
    horizon: spec.size,
    actionDim: COLOURS * spec.size,
    observationDim: 0,
    condition: conditionOf(spec),
  };
}

export function createPictureNetwork(spec: PictureSpec): Network {
  const { size, network } = spec;
  return createPictureUNet({ size, ...network, condition: conditionOf(spec) });
}
