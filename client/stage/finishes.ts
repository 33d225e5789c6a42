import {
  type Material,
  type Mesh,
  MeshLambertMaterial,
  MeshPhysicalMaterial,
  MeshStandardMaterial,
} from 'three';
import type { Quality } from './types.ts';

/** The same surface twice: as it should look, and as software rendering can afford it. */
export interface Finish {
  readonly high: Material;
  readonly low: Material;
}

/** White lacquered plastic of the arm's shells. */
export function shellFinish(): Finish {
  return {
    high: new MeshPhysicalMaterial({
      color: 0xeef0f2,
      roughness: 0.42,
      clearcoat: 0.8,
      clearcoatRoughness: 0.18,
    }),
    low: new MeshLambertMaterial({ color: 0xe4e8ec }),
  };
}

/** Dark satin metal of joints, flange and fingers. */
export function jointFinish(): Finish {
  return {
    high: new MeshStandardMaterial({ color: 0x343b43, roughness: 0.4, metalness: 0.35 }),
    low: new MeshLambertMaterial({ color: 0x252b33 }),
  };
}

/** Glossy coloured ball. */
export function ballFinish(color: number): Finish {
  return {
    high: new MeshPhysicalMaterial({
      color,
      roughness: 0.38,
      clearcoat: 0.7,
      clearcoatRoughness: 0.2,
    }),
    low: new MeshLambertMaterial({ color }),
  };
}

/** Remembers which mesh wears which finish, and changes all of them at once. */
export class Wardrobe {
  readonly #worn: { mesh: Mesh; finish: Finish }[] = [];
  #quality: Quality = 'high';

  dress(mesh: Mesh, finish: Finish): void {
    this.#worn.push({ mesh, finish });
    mesh.material = finish[this.#quality];
  }

  /** Of a mesh that is no longer drawn. */
  forget(mesh: Mesh): void {
    const at = this.#worn.findIndex((each) => each.mesh === mesh);
    if (at >= 0) this.#worn.splice(at, 1);
  }

  setQuality(quality: Quality): void {
    this.#quality = quality;
    for (const { mesh, finish } of this.#worn) mesh.material = finish[quality];
  }

  dispose(): void {
    for (const { finish } of this.#worn) {
      finish.high.dispose();
      finish.low.dispose();
    }
    this.#worn.length = 0;
  }
}
