import type { Vec3 } from '../math/vec.ts';
import { bounds, type Colour, type Hit, intersect, type Shape } from './shapes.ts';

/** A pinhole camera with square pixels and a square image. */
export interface CameraSpec {
  readonly name: string;
  /** Pixels a side. */
  readonly size: number;
  /** Where it stands and what it looks at, m. */
  readonly eye: Vec3;
  readonly target: Vec3;
  /** Tangent of half the angle of view. */
  readonly spread: number;
}

/** Stands opposite the robot and looks down on balls and post. */
export const FRONT_CAMERA: CameraSpec = {
  name: 'front',
  size: 64,
  eye: [1.2, 0, 0.52],
  target: [0.58, 0, 0.06],
  spread: 0.36,
};

export interface Picture {
  /** Red, green, blue, 0 … 255; rows from the top, [size, size, 3]. */
  readonly rgb: Uint8Array;
  /** Distance from the eye to what the pixel's centre sees, m, [size, size]; FAR for nothing. */
  readonly depth: Float32Array;
}

/** Depth of the background, m. */
export const FAR = 10;

/** Samples along each side of a pixel on an edge. */
const EDGE_SAMPLES = 3;
/** Towards the light, unit length. */
const LIGHT: Vec3 = [0.48, 0.36, 0.8];
const AMBIENT = 0.35;
const BACKGROUND: Colour = [0.62, 0.68, 0.75];
/** The table: its plane z = 0 within these bounds, m, in squares of two colours. */
const TABLE = {
  x: [-0.2, 1],
  y: [-0.7, 0.7],
  colours: [
    [0.3, 0.28, 0.26],
    [0.36, 0.34, 0.32],
  ],
  square: 0.1,
} as const;

const NOTHING = -1;
const ON_TABLE = -2;

/** A shape with the rectangle of pixels it can cover. */
interface Placed {
  readonly shape: Shape;
  /** Its place among the shapes. */
  readonly index: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Rays a pixel: one through its centre, then those of a pixel on an edge. */
const CENTRE = 1;
const RAYS = CENTRE + EDGE_SAMPLES * EDGE_SAMPLES;

/**
 * Renders shapes by casting a ray a pixel, nine where the pixel lies on an edge: edges then move
 * smoothly with what they belong to, which tells positions to a part of a pixel.
 *
 * Arithmetic and `sqrt` alone: the same picture in every JavaScript engine.
 */
export class Camera {
  readonly spec: CameraSpec;
  readonly #forward: Vec3;
  readonly #right: Vec3;
  readonly #up: Vec3;
  /** All rays of a picture and what they see of table and background, which stay as they are. */
  readonly #rays: readonly EmptyRay[];

  /** @cost 15 ms for 64 × 64 pixels */
  constructor(spec: CameraSpec) {
    this.spec = spec;
    this.#forward = unit([0, 1, 2].map((i) => spec.target[i] - spec.eye[i]));
    this.#right = unit(cross(this.#forward, [0, 0, 1]));
    this.#up = cross(this.#right, this.#forward);
    const { size } = spec;
    this.#rays = Array.from({ length: size * size * RAYS }, (_, i) => {
      const pixel = Math.floor(i / RAYS);
      const sample = (i % RAYS) - CENTRE;
      const [right, down] =
        sample < 0
          ? [0.5, 0.5]
          : [
              ((sample % EDGE_SAMPLES) + 0.5) / EDGE_SAMPLES,
              (Math.floor(sample / EDGE_SAMPLES) + 0.5) / EDGE_SAMPLES,
            ];
      return emptyRay(spec.eye, this.ray((pixel % size) + right, Math.floor(pixel / size) + down));
    });
  }

  /** @cost about 0.6 ms for 64 × 64 pixels and 16 shapes */
  render(shapes: readonly Shape[]): Picture {
    const { size } = this.spec;
    const rgb = new Uint8Array(size * size * 3);
    const depth = new Float32Array(size * size);
    const seen = new Int16Array(size * size);
    const placed = shapes.map((shape, index) => this.#place(shape, index));
    const sight = createSight();
    for (let row = 0; row < size; row++) {
      const within = placed.filter(({ top, bottom }) => row >= top && row <= bottom);
      for (let column = 0; column < size; column++) {
        const pixel = row * size + column;
        this.#look(within, column, this.#rays[pixel * RAYS], sight);
        seen[pixel] = sight.index;
        depth[pixel] = sight.hit.distance;
        write(rgb, pixel, sight.colour);
      }
    }
    for (let row = 0; row < size; row++) {
      const within = placed.filter(({ top, bottom }) => row >= top && row <= bottom);
      for (let column = 0; column < size; column++) {
        if (isEdge(seen, size, row, column)) this.#refine(within, rgb, row, column, sight);
      }
    }
    return { rgb, depth };
  }

  /** Direction through a point of the image, in pixels from its upper left. */
  ray(x: number, y: number): Vec3 {
    const { size, spread } = this.spec;
    const u = ((2 * x) / size - 1) * spread;
    const v = (1 - (2 * y) / size) * spread;
    const [f, r, w] = [this.#forward, this.#right, this.#up];
    return unit([0, 1, 2].map((i) => f[i] + u * r[i] + v * w[i]));
  }

  /** Where a point of the world is in the image, in pixels from its upper left. */
  project(point: Vec3): { x: number; y: number } {
    const { size, spread, eye } = this.spec;
    const away = [0, 1, 2].map((i) => point[i] - eye[i]) as unknown as Vec3;
    const z = dot(away, this.#forward) * spread;
    return {
      x: ((dot(away, this.#right) / z + 1) * size) / 2,
      y: ((1 - dot(away, this.#up) / z) * size) / 2,
    };
  }

  #place(shape: Shape, index: number): Placed {
    const { size, spread, eye } = this.spec;
    const { centre, radius } = bounds(shape);
    const away = [0, 1, 2].map((i) => centre[i] - eye[i]) as unknown as Vec3;
    const z = dot(away, this.#forward);
    const whole = { shape, index, left: 0, right: size - 1, top: 0, bottom: size - 1 };
    const near = z - radius;
    if (near < 0.05) return whole;
    // The widest view of the bounding ball: at its near side where it points outward.
    const ends = (middle: number): [low: number, high: number] => {
      const low = (middle - radius) / (middle > radius ? z + radius : near);
      const high = (middle + radius) / (middle < -radius ? z + radius : near);
      return [low / spread, high / spread];
    };
    const [left, right] = ends(dot(away, this.#right));
    const [bottom, top] = ends(dot(away, this.#up));
    const pixel = (share: number) => Math.floor(((share + 1) * size) / 2);
    return {
      shape,
      index,
      left: Math.max(0, pixel(left)),
      right: Math.min(size - 1, pixel(right)),
      top: Math.max(0, pixel(-top)),
      bottom: Math.min(size - 1, pixel(-bottom)),
    };
  }

  /** What a ray sees first, shaded. `column` says which of a row's shapes it can meet. */
  #look(within: readonly Placed[], column: number, ray: EmptyRay, sight: Sight): void {
    const { eye } = this.spec;
    const { hit, colour } = sight;
    hit.distance = ray.distance;
    hit.nx = 0;
    hit.ny = 0;
    hit.nz = 1;
    let surface = ray.colour;
    sight.index = ray.index;
    for (const { shape, index, left, right } of within) {
      if (column < left || column > right) continue;
      if (!intersect(shape, eye, ray.direction, hit)) continue;
      sight.index = index;
      surface = shape.colour;
    }
    const facing = hit.nx * LIGHT[0] + hit.ny * LIGHT[1] + hit.nz * LIGHT[2];
    const light = sight.index === NOTHING ? 1 : AMBIENT + (1 - AMBIENT) * Math.max(0, facing);
    for (let i = 0; i < 3; i++) colour[i] = surface[i] * light;
  }

  #refine(
    within: readonly Placed[],
    rgb: Uint8Array,
    row: number,
    column: number,
    sight: Sight,
  ): void {
    const pixel = row * this.spec.size + column;
    const sum: [number, number, number] = [0, 0, 0];
    const share = 1 / (EDGE_SAMPLES * EDGE_SAMPLES);
    for (let ray = pixel * RAYS + CENTRE; ray < (pixel + 1) * RAYS; ray++) {
      this.#look(within, column, this.#rays[ray], sight);
      for (let k = 0; k < 3; k++) sum[k] += share * sight.colour[k];
    }
    write(rgb, pixel, sum);
  }
}

const frontCameras = new Map<number, Camera>();

/** The front camera with as many pixels a side; one for all who ask, as its rays take long to make. */
export function frontCamera(size: number): Camera {
  const known = frontCameras.get(size);
  if (known) return known;
  const camera = new Camera({ ...FRONT_CAMERA, size });
  frontCameras.set(size, camera);
  return camera;
}

/** A ray through an empty scene. */
interface EmptyRay {
  readonly direction: Vec3;
  /** To the table, m; FAR beside it. */
  readonly distance: number;
  readonly index: number;
  /** Unlit. */
  readonly colour: Colour;
}

/** What a ray has met, overwritten by each. */
interface Sight {
  /** Of the shape, or NOTHING, or ON_TABLE. */
  index: number;
  readonly hit: Hit;
  readonly colour: [number, number, number];
}

function createSight(): Sight {
  return {
    index: NOTHING,
    hit: { distance: FAR, nx: 0, ny: 0, nz: 1 },
    colour: [0, 0, 0],
  };
}

function emptyRay(eye: Vec3, direction: Vec3): EmptyRay {
  const distance = -eye[2] / direction[2];
  const x = eye[0] + distance * direction[0];
  const y = eye[1] + distance * direction[1];
  const inside =
    distance > 0 &&
    distance < FAR &&
    x >= TABLE.x[0] &&
    x <= TABLE.x[1] &&
    y >= TABLE.y[0] &&
    y <= TABLE.y[1];
  if (!inside) return { direction, distance: FAR, index: NOTHING, colour: BACKGROUND };
  const squares = Math.floor(x / TABLE.square) + Math.floor(y / TABLE.square);
  return { direction, distance, index: ON_TABLE, colour: TABLE.colours[squares & 1] };
}

/** Whether a pixel sees something else than the one beside or below it, or before those. */
function isEdge(seen: Int16Array, size: number, row: number, column: number): boolean {
  const pixel = row * size + column;
  const own = seen[pixel];
  return (
    (column > 0 && seen[pixel - 1] !== own) ||
    (column < size - 1 && seen[pixel + 1] !== own) ||
    (row > 0 && seen[pixel - size] !== own) ||
    (row < size - 1 && seen[pixel + size] !== own)
  );
}

/** Linear colour to bytes; a square root is sRGB's curve, nearly. */
function write(rgb: Uint8Array, pixel: number, colour: Colour): void {
  for (let i = 0; i < 3; i++) {
    rgb[3 * pixel + i] = Math.floor(255 * Math.sqrt(Math.min(1, colour[i])) + 0.5);
  }
}

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vec3, b: Vec3): Vec3 {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function unit(v: readonly number[]): Vec3 {
  const length = Math.sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]);
  return [v[0] / length, v[1] / length, v[2] / length];
}
