import {
  type BufferGeometry,
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

/** What a mesh wears: its finish and, where that has two details, its shape. */
interface Worn {
  readonly mesh: Mesh;
  readonly finish: Finish;
  readonly shape: Readonly<Record<Quality, BufferGeometry>> | null;
}

/** Remembers which mesh wears what, and changes all of them at once. */
export class Wardrobe {
  readonly #worn: Worn[] = [];
  #quality: Quality;

  constructor(quality: Quality) {
    this.#quality = quality;
  }

  dress(mesh: Mesh, finish: Finish, shape: Worn['shape'] = null): void {
    const worn = { mesh, finish, shape };
    this.#worn.push(worn);
    putOn(worn, this.#quality);
  }

  /** Of a mesh that is no longer drawn. */
  forget(mesh: Mesh): void {
    const at = this.#worn.findIndex((each) => each.mesh === mesh);
    if (at >= 0) this.#worn.splice(at, 1);
  }

  setQuality(quality: Quality): void {
    this.#quality = quality;
    for (const worn of this.#worn) putOn(worn, quality);
  }

  dispose(): void {
    for (const { finish } of this.#worn) {
      finish.high.dispose();
      finish.low.dispose();
    }
    this.#worn.length = 0;
  }
}

function putOn({ mesh, finish, shape }: Worn, quality: Quality): void {
  mesh.material = finish[quality];
  if (shape) mesh.geometry = shape[quality];
}
