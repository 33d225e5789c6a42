import {
  AdditiveBlending,
  BackSide,
  type BufferGeometry,
  Color,
  FrontSide,
  Group,
  Mesh,
  MeshBasicMaterial,
  ShaderMaterial,
  type Texture,
} from 'three';
import type { Obstacle } from '../../sim/tasks/task.ts';
import { CONTACT_COLOR } from '../shared/colors.ts';
import { FINE, Solids } from './shapes.ts';

const GLASS = 0x9fb4c8;
/** The pulse after a touch, which then settles to a steady glow. ms */
const PULSE_PERIOD = 420;
const PULSE_LENGTH = 4 * PULSE_PERIOD;
/** Lies this far above the table, m. */
const GLOW_HEIGHT = 0.0012;

export function createPostGeometry({
  radius,
  height,
}: Pick<Obstacle, 'radius' | 'height'>): BufferGeometry {
  return new Solids(FINE).turned([
    [radius, 0],
    [radius, height, 0.006],
    [0, height],
  ]);
}

/** A post of one view: glass that lights up red when touched. */
export class Post {
  readonly object = new Group();
  readonly #glow = { value: 0 };
  readonly #materials: ShaderMaterial[];
  readonly #pool: MeshBasicMaterial;
  #touched = false;
  #since = 0;

  /** @param geometry of the post, which is its owner's to dispose of */
  constructor(
    { x, y, radius, height }: Obstacle,
    geometry: BufferGeometry,
    poolGeometry: BufferGeometry,
    softDisc: Texture,
  ) {
    const uniforms = {
      glow: this.#glow,
      height: { value: height },
      glass: { value: new Color(GLASS) },
      hot: { value: new Color(CONTACT_COLOR) },
    };
    // Its far wall shows through the near one.
    this.#materials = [BackSide, FrontSide].map(
      (side) =>
        new ShaderMaterial({
          uniforms,
          vertexShader: VERTEX,
          fragmentShader: FRAGMENT,
          transparent: true,
          depthWrite: false,
          side,
          toneMapped: false,
        }),
    );
    this.#materials.forEach((material, i) => {
      const wall = new Mesh(geometry, material);
      wall.renderOrder = 4 + i;
      wall.castShadow = i === 0;
      this.object.add(wall);
    });

    this.#pool = new MeshBasicMaterial({
      map: softDisc,
      color: CONTACT_COLOR,
      blending: AdditiveBlending,
      transparent: true,
      depthWrite: false,
      toneMapped: false,
    });
    const pool = new Mesh(poolGeometry, this.#pool);
    pool.scale.setScalar(9 * radius);
    pool.position.z = GLOW_HEIGHT;
    pool.renderOrder = 2;
    this.object.add(pool);
    this.object.position.set(x, y, 0);
    this.#setGlow(0);
  }

  setTouched(touched: boolean, now: number): void {
    if (touched === this.#touched) return;
    this.#touched = touched;
    this.#since = now;
    this.#setGlow(touched ? 1 : 0);
  }

  /** Advances the pulse. @returns whether it is still running */
  animate(now: number, reducedMotion: boolean): boolean {
    const age = now - this.#since;
    if (!this.#touched) return false;
    if (reducedMotion || age > PULSE_LENGTH) {
      this.#setGlow(1);
      return false;
    }
    const fading = 1 - age / PULSE_LENGTH;
    this.#setGlow(1 + 0.7 * fading * Math.cos((2 * Math.PI * age) / PULSE_PERIOD));
    return true;
  }

  dispose(): void {
    for (const material of this.#materials) material.dispose();
    this.#pool.dispose();
  }

  #setGlow(glow: number): void {
    this.#glow.value = glow;
    this.#pool.opacity = 0.5 * glow;
    this.#pool.visible = glow > 0;
  }
}

const VERTEX = /* glsl */ `
  out vec3 vNormal;
  out vec3 vToEye;
  out float vHeight;

  void main() {
    vec4 view = modelViewMatrix * vec4(position, 1.0);
    vNormal = normalMatrix * normal;
    vToEye = -view.xyz;
    vHeight = position.z;
    gl_Position = projectionMatrix * view;
  }
`;

const FRAGMENT = /* glsl */ `
  uniform float glow;
  uniform float height;
  uniform vec3 glass;
  uniform vec3 hot;
  in vec3 vNormal;
  in vec3 vToEye;
  in float vHeight;

  void main() {
    // Glass reflects where it is seen edge on.
    float facing = abs(dot(normalize(vNormal), normalize(vToEye)));
    float edge = pow(1.0 - facing, 2.2);
    float rim = smoothstep(height - 0.008, height - 0.001, vHeight);
    float foot = 1.0 - smoothstep(0.0, 0.012, vHeight);
    float alpha = 0.16 + 0.6 * edge + 0.45 * rim + 0.2 * foot;
    alpha = mix(alpha, 0.3 + 0.7 * alpha, min(glow, 1.0));
    vec3 color = mix(glass, hot * (0.75 + 0.35 * glow) + 0.25 * edge, min(glow, 1.0));
    gl_FragColor = vec4(color, alpha);
    #include <colorspace_fragment>
  }
`;
