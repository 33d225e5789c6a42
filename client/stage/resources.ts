import { type BufferGeometry, PlaneGeometry, SphereGeometry, type Texture } from 'three';
import type { Obstacle } from '../../sim/tasks/task.ts';
import { ArmParts } from './arm-parts.ts';
import type { BallResources } from './ball.ts';
import { createLineUniforms, type LineUniforms } from './fat-lines.ts';
import {
  ballFinish as createBallFinish,
  type Finish,
  jointFinish,
  shellFinish,
  Wardrobe,
} from './finishes.ts';
import { createPostGeometry } from './post.ts';
import { ring, softDisc } from './textures.ts';
import type { Quality } from './types.ts';

/** Geometries, surfaces and textures that all views of a stage draw with. */
export interface SharedResources extends BallResources {
  readonly wardrobe: Wardrobe;
  readonly lineUniforms: LineUniforms;
  readonly armParts: ArmParts;
  readonly shell: Finish;
  readonly joint: Finish;
  /** Of posts as wide and high, m. */
  post(size: Pick<Obstacle, 'radius' | 'height'>): BufferGeometry;
  /** Of balls of a colour, sRGB hex. */
  ballFinish(color: number): Finish;
  dispose(): void;
}

export function createSharedResources(quality: Quality): SharedResources {
  const wardrobe = new Wardrobe(quality);
  const armParts = new ArmParts(quality);
  const geometries = {
    sphere: new SphereGeometry(1, 48, 32),
    square: new PlaneGeometry(2, 2),
  };
  const finishes = new Map<number, Finish>();
  const posts = new Map<string, BufferGeometry>();
  const textures: Record<'softDisc' | 'ring', Texture> = { softDisc: softDisc(), ring: ring() };
  return {
    ...geometries,
    ...textures,
    wardrobe,
    armParts,
    lineUniforms: createLineUniforms(),
    shell: shellFinish(),
    joint: jointFinish(),
    post(size) {
      const key = `${size.radius} ${size.height}`;
      const geometry = posts.get(key) ?? createPostGeometry(size);
      posts.set(key, geometry);
      return geometry;
    },
    ballFinish(color) {
      const finish = finishes.get(color) ?? createBallFinish(color);
      finishes.set(color, finish);
      return finish;
    },
    dispose() {
      wardrobe.dispose();
      // Those no longer in use as well.
      for (const { high, low } of finishes.values()) {
        high.dispose();
        low.dispose();
      }
      armParts.dispose();
      for (const geometry of [...Object.values(geometries), ...posts.values()]) geometry.dispose();
      for (const texture of Object.values(textures)) texture.dispose();
    },
  };
}
