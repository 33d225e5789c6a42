import { Color, Float32BufferAttribute } from 'three';
import { PATH_COLORS } from '../shared/colors.ts';
import type { LineUniforms } from './fat-lines.ts';
import { ScreenPoints } from './screen-points.ts';

const CAPACITY = 64;
/** Line px. */
const SIZE = 19;
/** Marks nearer to each other than this become one in their midst, m: twenty equal plans need one. */
const SPACING = 0.05;

/** Crosses on discs that face the viewer, at a size on the screen, in front of everything. */
export class CrossMarks {
  readonly #points: ScreenPoints;
  /** How many marks each drawn one stands for. */
  readonly #merged = new Uint16Array(CAPACITY);
  readonly #positions = new Float32BufferAttribute(3 * CAPACITY, 3);
  #count = 0;

  constructor({ linePixel }: LineUniforms) {
    this.#points = new ScreenPoints(
      {
        attributes: { position: this.#positions },
        uniforms: {
          linePixel,
          size: { value: SIZE },
          color: { value: new Color(PATH_COLORS.invalid) },
        },
        vertexShader: VERTEX,
        fragmentShader: FRAGMENT,
      },
      20,
    );
  }

  get object(): ScreenPoints['object'] {
    return this.#points.object;
  }

  clear(): void {
    this.#count = 0;
    this.#points.draw(0);
  }

  /** Marks a point, m, together with the mark beside it, if there is one. */
  add(x: number, y: number, z: number): void {
    const at = this.#positions;
    for (let i = 0; i < this.#count; i++) {
      const [dx, dy, dz] = [x - at.getX(i), y - at.getY(i), z - at.getZ(i)];
      if (Math.hypot(dx, dy, dz) > SPACING) continue;
      const share = 1 / ++this.#merged[i];
      at.setXYZ(i, at.getX(i) + share * dx, at.getY(i) + share * dy, at.getZ(i) + share * dz);
      return;
    }
    if (this.#count === CAPACITY) return;
    at.setXYZ(this.#count, x, y, z);
    this.#merged[this.#count] = 1;
    this.#count++;
  }

  commit(): void {
    this.#points.commit(this.#count);
  }

  dispose(): void {
    this.#points.dispose();
  }
}

const VERTEX = /* glsl */ `
  uniform float size;
  uniform float linePixel;

  void main() {
    gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
    gl_PointSize = size * linePixel;
  }
`;

const FRAGMENT = /* glsl */ `
  uniform float size;
  uniform vec3 color;

  void main() {
    // In line px from the centre; the cross is turned by 45° so that its bars lie along the axes.
    vec2 p = (gl_PointCoord - 0.5) * size;
    vec2 turned = abs(vec2(p.x + p.y, p.x - p.y)) * 0.70711;
    float bars = min(max(turned.x - 4.6, turned.y - 0.9), max(turned.y - 4.6, turned.x - 0.9));
    float cross = 1.0 - smoothstep(-0.4, 0.5, bars);
    float radius = length(p);
    float disc = 1.0 - smoothstep(0.5 * size - 2.4, 0.5 * size - 1.4, radius);
    // A dark rim keeps the mark legible on the white arm.
    float rim = 1.0 - smoothstep(0.5 * size - 1.2, 0.5 * size, radius);
    gl_FragColor = vec4(mix(color, vec3(1.0), cross) * disc, max(disc, 0.5 * rim));
    #include <colorspace_fragment>
  }
`;
