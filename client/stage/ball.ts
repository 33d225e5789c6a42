import {
  type BufferGeometry,
  Group,
  Mesh,
  MeshBasicMaterial,
  Sprite,
  SpriteMaterial,
  type Texture,
} from 'three';
import { SUCCESS_COLOR } from '../shared/colors.ts';
import type { Finish, Wardrobe } from './finishes.ts';

/** Height of the decals above the table, m: apart from each other and from the table. */
const SHADOW_HEIGHT = 0.0008;
const HALO_HEIGHT = 0.0016;
/** Height above rest at which the ball's shadow has gone, m. */
const SHADOW_FADE = 0.25;
const SHADOW_OPACITY = 0.75;
/** Radii in ball radii. */
const SHADOW_RADIUS = 2;
const HALO_RADIUS = 1.9;
const SUCCESS_RADIUS = 2.6;
/** How long the success ring takes to settle, ms. */
const SETTLE_TIME = 700;

/** What all balls of a stage have in common. */
export interface BallResources {
  /** Of radius 1. */
  readonly sphere: BufferGeometry;
  /** From −1 to 1 in x and y. */
  readonly square: BufferGeometry;
  readonly softDisc: Texture;
  readonly ring: Texture;
}

/** A movable ball with its shadow on the table, its halo under the pointer and its success ring. */
export class Ball {
  readonly object = new Group();
  readonly radius: number;
  /** Where it is drawn, m, world frame. */
  readonly position = new Float64Array(3);
  readonly #ball: Mesh;
  readonly #shadow: Mesh<BufferGeometry, MeshBasicMaterial>;
  readonly #halo: Mesh<BufferGeometry, MeshBasicMaterial>;
  readonly #success: Sprite;
  readonly #wardrobe: Wardrobe;
  #since = Number.NEGATIVE_INFINITY;

  constructor(radius: number, color: number, finish: Finish, of: BallResources, w: Wardrobe) {
    this.radius = radius;
    this.#ball = new Mesh(of.sphere);
    this.#ball.scale.setScalar(radius);
    this.#ball.castShadow = true;
    this.#ball.receiveShadow = true;
    this.#wardrobe = w;
    w.dress(this.#ball, finish);

    this.#shadow = decal(of.square, of.softDisc, 0x000000, SHADOW_RADIUS * radius);
    this.#shadow.renderOrder = 1;
    this.#halo = decal(of.square, of.ring, color, HALO_RADIUS * radius);
    this.#halo.renderOrder = 3;
    this.#halo.visible = false;

    this.#success = new Sprite(
      new SpriteMaterial({
        map: of.ring,
        color: SUCCESS_COLOR,
        transparent: true,
        depthWrite: false,
        depthTest: false,
        toneMapped: false,
      }),
    );
    this.#success.renderOrder = 15;
    this.#success.visible = false;
    this.object.add(this.#ball, this.#shadow, this.#halo, this.#success);
  }

  place(x: number, y: number, z: number): void {
    this.position[0] = x;
    this.position[1] = y;
    this.position[2] = z;
    this.#ball.position.set(x, y, z);
    this.#success.position.set(x, y, z);
    const lifted = Math.max(0, z - this.radius) / SHADOW_FADE;
    this.#shadow.position.set(x, y, SHADOW_HEIGHT);
    this.#shadow.scale.setScalar(SHADOW_RADIUS * this.radius * (1 + 1.5 * lifted));
    this.#shadow.material.opacity = SHADOW_OPACITY * Math.max(0, 1 - lifted);
    this.#halo.position.set(x, y, HALO_HEIGHT);
  }

  setHighlighted(highlighted: boolean): void {
    this.#halo.visible = highlighted;
  }

  setSuccess(success: boolean, now: number): void {
    if (success === this.#success.visible) return;
    this.#success.visible = success;
    this.#since = now;
  }

  /** Lets the success ring settle. @returns whether it is still moving */
  animate(now: number, reducedMotion: boolean): boolean {
    if (!this.#success.visible) return false;
    const age = reducedMotion ? 1 : Math.min((now - this.#since) / SETTLE_TIME, 1);
    const settled = 1 - (1 - age) ** 3;
    this.#success.scale.setScalar(2 * SUCCESS_RADIUS * this.radius * (1.7 - 0.7 * settled));
    this.#success.material.opacity = 0.85 * settled;
    return age < 1;
  }

  dispose(): void {
    this.#wardrobe.forget(this.#ball);
    this.#shadow.material.dispose();
    this.#halo.material.dispose();
    this.#success.material.dispose();
  }
}

function decal(
  geometry: BufferGeometry,
  map: Texture,
  color: number,
  radius: number,
): Mesh<BufferGeometry, MeshBasicMaterial> {
  const material = new MeshBasicMaterial({
    map,
    color,
    transparent: true,
    depthWrite: false,
    toneMapped: false,
  });
  const mesh = new Mesh(geometry, material);
  mesh.scale.setScalar(radius);
  return mesh;
}
