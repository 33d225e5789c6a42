import type { Mat3 } from '../math/rotation.ts';
import type { Vec3 } from '../math/vec.ts';

/** Linear red, green and blue, 0 … 1. */
export type Colour = Vec3;

/** What a camera can see: convex solids in the world's frame, m. */
export type Shape = { readonly colour: Colour } & (
  | { readonly kind: 'ball'; readonly centre: Vec3; readonly radius: number }
  /** A cylinder with round ends, about the line from `from` to `to`. */
  | { readonly kind: 'capsule'; readonly from: Vec3; readonly to: Vec3; readonly radius: number }
  /** A cylinder that stands upright. */
  | {
      readonly kind: 'post';
      readonly base: Vec3;
      readonly radius: number;
      readonly height: number;
    }
  | {
      readonly kind: 'box';
      readonly centre: Vec3;
      /** Columns are the box's axes. */
      readonly rotation: Mat3;
      readonly half: Vec3;
    }
);

/** Where a ray meets a shape first. */
export interface Hit {
  /** Along the ray, m; the ray's direction has length one. */
  distance: number;
  /** Outward unit normal there. */
  nx: number;
  ny: number;
  nz: number;
}

/** Ball that a shape lies within. */
export function bounds(shape: Shape): { centre: Vec3; radius: number } {
  switch (shape.kind) {
    case 'ball':
      return shape;
    case 'capsule': {
      const { from, to, radius } = shape;
      const centre = middle(from, to);
      return { centre, radius: radius + length(subtract(to, from)) / 2 };
    }
    case 'post': {
      const { base, radius, height } = shape;
      const centre: Vec3 = [base[0], base[1], base[2] + height / 2];
      return { centre, radius: length([radius, height / 2, 0]) };
    }
    case 'box':
      return { centre: shape.centre, radius: length(shape.half) };
  }
}

/**
 * First intersection of a ray with a shape, from outside.
 *
 * @param hit overwritten where there is one
 * @returns   whether there is one before `hit.distance`
 */
export function intersect(shape: Shape, origin: Vec3, direction: Vec3, hit: Hit): boolean {
  switch (shape.kind) {
    case 'ball':
      return hitBall(shape.centre, shape.radius, origin, direction, hit);
    case 'capsule':
      return hitCapsule(shape, origin, direction, hit);
    case 'post':
      return hitPost(shape, origin, direction, hit);
    case 'box':
      return hitBox(shape, origin, direction, hit);
  }
}

function hitBall(centre: Vec3, radius: number, o: Vec3, d: Vec3, hit: Hit): boolean {
  const x = o[0] - centre[0];
  const y = o[1] - centre[1];
  const z = o[2] - centre[2];
  const b = x * d[0] + y * d[1] + z * d[2];
  const discriminant = b * b - (x * x + y * y + z * z - radius * radius);
  if (discriminant < 0) return false;
  const t = -b - Math.sqrt(discriminant);
  if (!(t > 0 && t < hit.distance)) return false;
  hit.distance = t;
  hit.nx = (x + t * d[0]) / radius;
  hit.ny = (y + t * d[1]) / radius;
  hit.nz = (z + t * d[2]) / radius;
  return true;
}

/** The cylinder's side where the ray meets it between the ends, else the ball at the nearer end. */
function hitCapsule(
  { from, to, radius }: Extract<Shape, { kind: 'capsule' }>,
  o: Vec3,
  d: Vec3,
  hit: Hit,
): boolean {
  const axis = subtract(to, from);
  const away = subtract(o, from);
  const axisAxis = dot(axis, axis);
  const axisD = dot(axis, d);
  const axisAway = dot(axis, away);
  const a = axisAxis - axisD * axisD;
  const b = axisAxis * dot(away, d) - axisAway * axisD;
  const c = axisAxis * dot(away, away) - axisAway * axisAway - radius * radius * axisAxis;
  const discriminant = b * b - a * c;
  if (discriminant < 0) return false;
  const t = a > 1e-12 ? (-b - Math.sqrt(discriminant)) / a : Number.NEGATIVE_INFINITY;
  const along = axisAway + t * axisD;
  if (along <= 0 || along >= axisAxis || a <= 1e-12) {
    const first = hitBall(from, radius, o, d, hit);
    return hitBall(to, radius, o, d, hit) || first;
  }
  if (!(t > 0 && t < hit.distance)) return false;
  hit.distance = t;
  const u = along / axisAxis;
  hit.nx = (away[0] + t * d[0] - u * axis[0]) / radius;
  hit.ny = (away[1] + t * d[1] - u * axis[1]) / radius;
  hit.nz = (away[2] + t * d[2] - u * axis[2]) / radius;
  return true;
}

function hitPost(
  { base, radius, height }: Extract<Shape, { kind: 'post' }>,
  o: Vec3,
  d: Vec3,
  hit: Hit,
): boolean {
  const x = o[0] - base[0];
  const y = o[1] - base[1];
  const z = o[2] - base[2];
  const a = d[0] * d[0] + d[1] * d[1];
  const b = x * d[0] + y * d[1];
  const discriminant = b * b - a * (x * x + y * y - radius * radius);
  if (discriminant < 0) return false;
  const side = (-b - Math.sqrt(discriminant)) / a;
  const at = z + side * d[2];
  if (side > 0 && side < hit.distance && at >= 0 && at <= height) {
    hit.distance = side;
    hit.nx = (x + side * d[0]) / radius;
    hit.ny = (y + side * d[1]) / radius;
    hit.nz = 0;
    return true;
  }
  // The top, seen from above.
  const top = (height - z) / d[2];
  const px = x + top * d[0];
  const py = y + top * d[1];
  if (!(d[2] < 0 && top > 0 && top < hit.distance && px * px + py * py <= radius * radius)) {
    return false;
  }
  hit.distance = top;
  hit.nx = 0;
  hit.ny = 0;
  hit.nz = 1;
  return true;
}

/** Slabs: the ray is inside where it is inside of all three. */
function hitBox(
  { centre, rotation: r, half }: Extract<Shape, { kind: 'box' }>,
  o: Vec3,
  d: Vec3,
  hit: Hit,
): boolean {
  const away = subtract(o, centre);
  let enter = Number.NEGATIVE_INFINITY;
  let leave = Number.POSITIVE_INFINITY;
  let axis = 0;
  let sign = 0;
  for (let i = 0; i < 3; i++) {
    const from = r[i] * away[0] + r[3 + i] * away[1] + r[6 + i] * away[2];
    const along = r[i] * d[0] + r[3 + i] * d[1] + r[6 + i] * d[2];
    const near = (-(along > 0 ? half[i] : -half[i]) - from) / along;
    const far = ((along > 0 ? half[i] : -half[i]) - from) / along;
    if (near > enter) {
      enter = near;
      axis = i;
      sign = along > 0 ? -1 : 1;
    }
    if (far < leave) leave = far;
  }
  if (!(enter <= leave && enter > 0 && enter < hit.distance)) return false;
  hit.distance = enter;
  hit.nx = sign * r[axis];
  hit.ny = sign * r[3 + axis];
  hit.nz = sign * r[6 + axis];
  return true;
}

function dot(a: Vec3, b: Vec3): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function subtract(a: Vec3, b: Vec3): Vec3 {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function middle(a: Vec3, b: Vec3): Vec3 {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
}

function length(a: Vec3): number {
  return Math.sqrt(dot(a, a));
}
