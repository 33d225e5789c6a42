import type { ConditionSpec, PolicySpec } from '../../policies/spec/index.ts';
import { Camera, FRONT_CAMERA, sceneShapes } from '../../sim/camera/index.ts';
import type { Episode } from '../../sim/index.ts';

type ImageSpec = NonNullable<ConditionSpec['image']>;

/** The camera a policy looks through; null for one without. */
export function eyeOf({ condition }: Pick<PolicySpec, 'condition'>): Eye | null {
  return condition?.image ? new Eye(condition.image) : null;
}

/** Looks at episodes as a policy was trained to. */
export class Eye {
  readonly #camera: Camera;
  /** Bytes of a picture. */
  readonly bytes: number;

  constructor({ size }: ImageSpec) {
    this.#camera = new Camera({ ...FRONT_CAMERA, size });
    this.bytes = 3 * size * size;
  }

  /** @returns [size, size, 3] */
  see(episode: Episode): Uint8Array {
    const { state } = episode.observe();
    // As f32: what a dataset keeps of the scene looks the same as the scene.
    const objects = episode.objectPositions().map(([x, y, z]) => {
      return [Math.fround(x), Math.fround(y), Math.fround(z)] as const;
    });
    return this.#camera.render(sceneShapes(episode.task, { state, objects })).rgb;
  }
}
