import {
  DirectionalLight,
  Group,
  HemisphereLight,
  PMREMGenerator,
  type Scene,
  SpotLight,
  type Vector3,
  type WebGLRenderer,
  type WebGLRenderTarget,
} from 'three';
import { RoomEnvironment } from 'three/addons/environments/RoomEnvironment.js';
import type { Quality } from './types.ts';

const ENVIRONMENT_INTENSITY = 0.36;
/** Blur of the room before it is reflected, rad: no hard window panes on the shells. */
const ENVIRONMENT_BLUR = 0.05;

/** From the viewer's direction (rad), from what it lights (m) and above the table (m): low, so that
 * it draws the arm's outline and hardly touches the table. */
const RIM = { azimuth: 2.5, distance: 2.8, height: 0.55 } as const;

/** A warm key light with soft shadows, a cool rim from behind, a room to reflect. */
export class Lighting {
  readonly object = new Group();
  readonly #key = new SpotLight(0xfff3e6, 27, 0, 0.42, 0.9, 2);
  readonly #rim = new DirectionalLight(0x86b8ff, 2.4);
  readonly #sky = new HemisphereLight(0xf0f1f2, 0x16181b);
  readonly #renderer: WebGLRenderer;
  readonly #scene: Scene;
  #environment: WebGLRenderTarget | null = null;

  constructor(renderer: WebGLRenderer, scene: Scene) {
    this.#renderer = renderer;
    this.#scene = scene;
    const key = this.#key;
    key.position.set(1.3, -2.1, 2.9);
    key.target.position.set(0.36, 0, 0.12);
    key.shadow.mapSize.set(2048, 2048);
    key.shadow.camera.near = 1.5;
    key.shadow.camera.far = 6;
    key.shadow.radius = 5;
    key.shadow.bias = -0.0002;
    key.shadow.normalBias = 0.004;

    this.#rim.target.position.set(0.3, 0, 0.4);
    this.object.add(key, key.target, this.#rim, this.#rim.target, this.#sky);
  }

  /** Keeps the rim light behind the scene, wherever it is looked at from. */
  follow(camera: Vector3): void {
    const { x, y } = this.#rim.target.position;
    const azimuth = Math.atan2(camera.y - y, camera.x - x) + RIM.azimuth;
    this.#rim.position.set(
      x + RIM.distance * Math.cos(azimuth),
      y + RIM.distance * Math.sin(azimuth),
      RIM.height,
    );
  }

  setQuality(quality: Quality): void {
    const high = quality === 'high';
    this.#key.castShadow = high;
    // Without a room to reflect, the sky has to fill the shadows.
    this.#sky.intensity = high ? 0.25 : 1.7;
    this.#scene.environment = high ? this.#room().texture : null;
    this.#scene.environmentIntensity = ENVIRONMENT_INTENSITY;
  }

  /** Draws the room again after the GPU has forgotten it. */
  restore(quality: Quality): void {
    this.#environment?.dispose();
    this.#environment = null;
    this.setQuality(quality);
  }

  dispose(): void {
    this.#key.dispose();
    this.#environment?.dispose();
  }

  /** Made when first wanted: it takes a second in software. */
  #room(): WebGLRenderTarget {
    if (this.#environment) return this.#environment;
    const generator = new PMREMGenerator(this.#renderer);
    const room = new RoomEnvironment();
    // The room is built with y up.
    room.rotation.x = Math.PI / 2;
    room.position.set(0, 0, room.position.y);
    this.#environment = generator.fromScene(room, ENVIRONMENT_BLUR);
    room.dispose();
    generator.dispose();
    return this.#environment;
  }
}
