import { type Color, Float32BufferAttribute } from 'three';
import type { LineUniforms } from './fat-lines.ts';
import { ScreenPoints } from './screen-points.ts';

/**
 * Round dots that keep their size on the screen, each with a colour, size and opacity of its own. They lie
 * anywhere, and fade where the page writes above the scene.
 */
export class Beads {
  readonly #capacity: number;
  readonly #points: ScreenPoints;
  readonly #positions: Float32BufferAttribute;
  readonly #colors: Float32BufferAttribute;
  readonly #sizes: Float32BufferAttribute;
  #count = 0;

  /** @param order drawn after what has a lower one */
  constructor(capacity: number, { linePixel, ceiling }: LineUniforms, order: number) {
    this.#capacity = capacity;
    this.#positions = new Float32BufferAttribute(3 * capacity, 3);
    this.#colors = new Float32BufferAttribute(4 * capacity, 4);
    this.#sizes = new Float32BufferAttribute(capacity, 1);
    this.#points = new ScreenPoints(
      {
        attributes: { position: this.#positions, bead: this.#colors, size: this.#sizes },
        uniforms: { linePixel, ceiling },
        vertexShader: VERTEX,
        fragmentShader: FRAGMENT,
      },
      order,
    );
  }

  get object(): ScreenPoints['object'] {
    return this.#points.object;
  }

  clear(): void {
    this.#count = 0;
    this.#points.draw(0);
  }

  /** Adds a dot where there is room. @param size diameter, line px */
  add(x: number, y: number, z: number, size: number, color: Color, opacity: number): void {
    if (this.#count === this.#capacity) return;
    this.#positions.setXYZ(this.#count, x, y, z);
    this.#colors.setXYZW(this.#count, color.r, color.g, color.b, opacity);
    this.#sizes.setX(this.#count, size);
    this.#count++;
  }

  /** Hands to the GPU what was added. */
  commit(): void {
    this.#points.commit(this.#count);
  }

  dispose(): void {
    this.#points.dispose();
  }
}

const VERTEX = /* glsl */ `
  uniform float linePixel;
  uniform float ceiling;
  in vec4 bead;
  in float size;
  out vec4 vColor;
  out float vSize;

  void main() {
    gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
    vSize = size * linePixel + 1.5;
    gl_PointSize = vSize;
    float height = gl_Position.y / gl_Position.w;
    vColor = vec4(bead.rgb, bead.a * (1.0 - smoothstep(ceiling - 0.08, ceiling, height)));
  }
`;

const FRAGMENT = /* glsl */ `
  in vec4 vColor;
  in float vSize;

  void main() {
    float radius = length(gl_PointCoord - 0.5) * vSize;
    float edge = 1.0 - smoothstep(0.5 * vSize - 1.2, 0.5 * vSize - 0.2, radius);
    gl_FragColor = vec4(vColor.rgb, vColor.a * edge);
    #include <colorspace_fragment>
  }
`;
