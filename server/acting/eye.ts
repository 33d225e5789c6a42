import type { PolicyDescription, Told } from '../../policies/policy.ts';
import { Camera, frontCamera, sceneShapes } from '../../sim/camera/index.ts';
import {
  type Episode,
  type Perturbation,
  type PerturbationPart,
  partsOf,
  type Task,
  type Vec3,
} from '../../sim/index.ts';

/**
 * The camera a policy looks through; null for one without.
 *
 * @param perturbation of the camera. @default none
 */
export function eyeOf(
  { abilities: { picture } }: Pick<PolicyDescription, 'abilities'>,
  perturbation: Perturbation = {},
): Eye | null {
  return picture === null ? null : new Eye(picture, perturbation);
}

/** Looks at episodes as a policy was trained to. */
export class Eye {
  readonly #camera: Camera;
  readonly #parts: readonly PerturbationPart[];
  /** Bytes of a picture. */
  readonly bytes: number;

  /**
   * @param size         pixels a side
   * @param perturbation of the camera. @default none
   */
  constructor(size: number, perturbation: Perturbation = {}) {
    const { spec } = frontCamera(size);
    this.#parts = partsOf(perturbation);
    const other = this.#parts.reduce(
      (camera, { kind, magnitude }) => kind.look?.(camera, magnitude) ?? camera,
      spec,
    );
    this.#camera = other === spec ? frontCamera(size) : new Camera(other);
    this.bytes = 3 * size * size;
  }

  /** @returns [size, size, 3] */
  see(episode: Episode): Uint8Array {
    return this.look(episode.task, episode.observe().state, episode.objectPositions());
  }

  /** The same of a scene in which nothing moves yet. */
  look(task: Task, state: ArrayLike<number>, positions: readonly Vec3[]): Uint8Array {
    // As f32: what a dataset keeps of the scene looks the same as the scene.
    const objects = positions.map(([x, y, z]): Vec3 => {
      return [Math.fround(x), Math.fround(y), Math.fround(z)];
    });
    const { rgb } = this.#camera.render(sceneShapes(task, { state, objects }));
    for (const { kind, magnitude } of this.#parts) kind.develop?.(rgb, magnitude);
    return rgb;
  }
}

/**
 * What a policy is told and shown of each episode, a row each.
 *
 * @param batch rows in all; those beyond the episodes are blank. @default one an episode
 */
export function toldOf(
  eye: Eye | null,
  episodes: readonly Episode[],
  batch = episodes.length,
): Told {
  const instructions = episodes.map(({ instruction }) => instruction);
  if (!eye) return { instructions };
  const images = new Uint8Array(batch * eye.bytes);
  episodes.forEach((episode, i) => {
    images.set(eye.see(episode), i * eye.bytes);
  });
  return { instructions, images };
}
