import {
  type Color,
  DynamicDrawUsage,
  GreaterDepth,
  Group,
  InstancedBufferGeometry,
  InstancedInterleavedBuffer,
  Int16BufferAttribute,
  InterleavedBufferAttribute,
  LessEqualDepth,
  Mesh,
  ShaderMaterial,
  Vector2,
} from 'three';

/** What all line materials share; the renderer keeps it up to date. */
export interface LineUniforms {
  /** Size of a view, device px. */
  readonly resolution: { value: Vector2 };
  /** Device px a line px: of a CSS px in a large view, less in a small one. */
  readonly linePixel: { value: number };
  /** Where in a view the page's texts end, from its lower edge, −1, to its upper edge, 1. */
  readonly ceiling: { value: number };
}

export function createLineUniforms(): LineUniforms {
  return {
    resolution: { value: new Vector2(1, 1) },
    linePixel: { value: 1 },
    ceiling: { value: 1 },
  };
}

/** Opacity of the parts of a line that something hides. */
const HIDDEN_OPACITY = 0.16;

/** x y z, width (line px; 0 ends a line), r g b (linear), opacity. */
const STRIDE = 8;
const WIDTH = 3;

/**
 * Polylines with a width and an opacity of their own at every point, in one buffer that is refilled.
 * three's `Line2` has one width a material, no opacity a point, and overlaps at corners.
 *
 * Each instance is the quad of one segment and reads four successive points: the two it joins and
 * their neighbours, to mitre the corners, so that translucent segments neither overlap nor gape.
 * Edges are softened in the shader, which also serves renderers without antialiasing. What is
 * hidden by something else stays faintly visible.
 */
export class FatLines {
  readonly object = new Group();
  /** Points it can hold. */
  readonly capacity: number;
  readonly #points: Float32Array;
  readonly #buffer: InstancedInterleavedBuffer;
  readonly #geometry = new InstancedBufferGeometry();
  readonly #materials: ShaderMaterial[];
  readonly #newest = { value: 0 };
  readonly #range = { start: 0, count: 0 };
  #count = 0;
  #committed = 0;

  /**
   * @param order drawn after what has a lower one
   * @param tail  opacity of the oldest point, of the newest one's; 1 does not fade with age
   */
  constructor(capacity: number, shared: LineUniforms, order: number, tail = 1) {
    this.capacity = capacity;
    // One point before the first and two behind the last, for the neighbours of the ends.
    this.#points = new Float32Array((capacity + 3) * STRIDE);
    this.#buffer = new InstancedInterleavedBuffer(this.#points, STRIDE);
    this.#buffer.setUsage(DynamicDrawUsage);
    const geometry = this.#geometry;
    // Corners of the quad: along the segment (0 or 1) and across it (−1 or 1).
    geometry.setAttribute('corner', new Int16BufferAttribute([0, -1, 1, -1, 1, 1, 0, 1], 2));
    geometry.setIndex([0, 1, 2, 0, 2, 3]);
    ['before', 'start', 'end', 'after'].forEach((name, i) => {
      geometry.setAttribute(name, new InterleavedBufferAttribute(this.#buffer, 4, i * STRIDE));
    });
    geometry.setAttribute('startColor', this.#attribute(STRIDE + 4));
    geometry.setAttribute('endColor', this.#attribute(2 * STRIDE + 4));
    geometry.instanceCount = 0;

    const uniforms = { ...shared, tail: { value: tail }, newest: this.#newest };
    this.#materials = [1, HIDDEN_OPACITY].map(
      (opacity) =>
        new ShaderMaterial({
          uniforms: { ...uniforms, opacity: { value: opacity } },
          vertexShader: VERTEX,
          fragmentShader: FRAGMENT,
          transparent: true,
          depthWrite: false,
          depthFunc: opacity === 1 ? LessEqualDepth : GreaterDepth,
          toneMapped: false,
        }),
    );
    for (const material of this.#materials) {
      const mesh = new Mesh(geometry, material);
      mesh.frustumCulled = false;
      mesh.renderOrder = order;
      this.object.add(mesh);
    }
  }

  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
    this.#committed = 0;
    this.#geometry.instanceCount = 0;
  }

  /**
   * Adds a point, joined to the one before unless that ended its line.
   *
   * @param width line px; 0 ends the line here
   * @returns false where there is no room
   */
  add(x: number, y: number, z: number, width: number, color: Color, opacity: number): boolean {
    if (this.#count === this.capacity) return false;
    const points = this.#points;
    const o = (this.#count + 1) * STRIDE;
    points[o] = x;
    points[o + 1] = y;
    points[o + 2] = z;
    points[o + WIDTH] = width;
    points[o + 4] = color.r;
    points[o + 5] = color.g;
    points[o + 6] = color.b;
    points[o + 7] = opacity;
    this.#count++;
    return true;
  }

  /** Hands to the GPU what was added since the last time. */
  commit(): void {
    const count = this.#count;
    // The corner at the newest point has no neighbour yet: it is its own.
    const newest = count * STRIDE;
    this.#points.copyWithin(newest + STRIDE, newest, newest + STRIDE);
    this.#upload((this.#committed + 1) * STRIDE, newest + 2 * STRIDE);
    this.#committed = count;
    this.#newest.value = count - 1;
    this.#geometry.instanceCount = Math.max(0, count - 1);
  }

  dispose(): void {
    this.#geometry.dispose();
    for (const material of this.#materials) material.dispose();
  }

  /** Widens the range three uploads with the next frame; it empties the list when it has. */
  #upload(from: number, to: number): void {
    const range = this.#range;
    const { updateRanges } = this.#buffer;
    const waiting = updateRanges.length > 0;
    const start = waiting ? Math.min(range.start, from) : from;
    const end = waiting ? Math.max(range.start + range.count, to) : to;
    range.start = start;
    range.count = end - start;
    if (!waiting) updateRanges.push(range);
    this.#buffer.needsUpdate = true;
  }

  #attribute(offset: number): InterleavedBufferAttribute {
    return new InterleavedBufferAttribute(this.#buffer, 4, offset);
  }
}

const VERTEX = /* glsl */ `
  uniform vec2 resolution;
  uniform float linePixel;
  uniform float tail;
  uniform float newest;
  in vec2 corner;
  in vec4 before;
  in vec4 start;
  in vec4 end;
  in vec4 after;
  in vec4 startColor;
  in vec4 endColor;
  out vec4 vColor;
  out float vAcross;
  out float vHalfWidth;

  vec4 project(vec3 point) {
    return projectionMatrix * modelViewMatrix * vec4(point, 1.0);
  }

  vec2 toPixels(vec4 clip) {
    return 0.5 * resolution * clip.xy / clip.w;
  }

  void main() {
    vec4 clipStart = project(start.xyz);
    vec4 clipEnd = project(end.xyz);
    bool behindCamera = min(clipStart.w, clipEnd.w) < 0.01;
    // A width of zero at the start means that the line ended there.
    if (start.w == 0.0 || behindCamera) {
      gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
      return;
    }
    bool atEnd = corner.x > 0.5;
    vec2 a = toPixels(clipStart);
    vec2 b = toPixels(clipEnd);
    vec2 along = b - a;
    along = length(along) > 1e-4 ? normalize(along) : vec2(1.0, 0.0);

    vec2 other = along;
    if (atEnd && end.w > 0.0) {
      vec4 clip = project(after.xyz);
      if (clip.w > 0.01 && distance(toPixels(clip), b) > 1e-3) other = normalize(toPixels(clip) - b);
    } else if (!atEnd && before.w > 0.0) {
      vec4 clip = project(before.xyz);
      if (clip.w > 0.01 && distance(toPixels(clip), a) > 1e-3) other = normalize(a - toPixels(clip));
    }
    vec2 mean = along + other;
    mean = length(mean) > 1e-3 ? normalize(mean) : along;
    vec2 normal = vec2(-mean.y, mean.x);
    // The mitre grows with the turn; beyond about 120° it would shoot out.
    float mitre = 1.0 / max(dot(normal, vec2(-along.y, along.x)), 0.5);

    float width = atEnd && end.w > 0.0 ? end.w : start.w;
    vHalfWidth = 0.5 * width * linePixel;
    float reach = (vHalfWidth + 1.0) * corner.y;
    vAcross = reach;

    vec4 clip = atEnd ? clipEnd : clipStart;
    clip.xy += normal * mitre * reach * 2.0 / resolution * clip.w;
    gl_Position = clip;

    vColor = atEnd ? endColor : startColor;
    float age = newest > 0.0 ? (float(gl_InstanceID) + corner.x) / newest : 1.0;
    vColor.a *= mix(tail, 1.0, age);
  }
`;

const FRAGMENT = /* glsl */ `
  uniform float opacity;
  in vec4 vColor;
  in float vAcross;
  in float vHalfWidth;

  void main() {
    float edge = 1.0 - smoothstep(vHalfWidth - 0.7, vHalfWidth + 0.7, abs(vAcross));
    gl_FragColor = vec4(vColor.rgb, vColor.a * edge * opacity);
    #include <colorspace_fragment>
  }
`;
