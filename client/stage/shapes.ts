/** Solids the arm is made of. All have positions, normals and an index, so that they can merge. */
import {
  BufferGeometry,
  CatmullRomCurve3,
  ExtrudeGeometry,
  Float32BufferAttribute,
  LatheGeometry,
  Matrix4,
  Shape,
  Vector2,
  Vector3,
} from 'three';
import { RoundedBoxGeometry } from 'three/addons/geometries/RoundedBoxGeometry.js';
import { mergeVertices } from 'three/addons/utils/BufferGeometryUtils.js';

/** A corner of an outline, m: two coordinates, and the size of the curve that rounds it off. */
export type Corner = readonly [u: number, v: number, rounding?: number];

/** How finely solids are cut into triangles: steps of each kind of curve. */
export interface Detail {
  readonly rounding: number;
  readonly turned: number;
  readonly swept: number;
  /** Along a swept limb. */
  readonly rings: number;
  /** Of the softened edges of boxes and plates. */
  readonly edges: number;
}

export const FINE: Detail = { rounding: 6, turned: 48, swept: 36, rings: 28, edges: 4 };
/** A sixth of the triangles, for CPUs that draw: they are what a frame costs there. */
export const COARSE: Detail = { rounding: 2, turned: 18, swept: 14, rings: 12, edges: 1 };

/** Straight lines between corners, the rounded ones replaced by a quadratic curve. */
function rounded(corners: readonly Corner[], steps: number): Vector2[] {
  const points: Vector2[] = [];
  corners.forEach(([u, v, rounding = 0], i) => {
    const corner = new Vector2(u, v);
    const before = corners[i - 1];
    const after = corners[i + 1];
    if (!rounding || !before || !after) {
      points.push(corner);
      return;
    }
    const towards = (other: Corner) => {
      const way = new Vector2(other[0], other[1]).sub(corner);
      return way.setLength(Math.min(rounding, way.length() * 0.49)).add(corner);
    };
    const start = towards(before);
    const end = towards(after);
    for (let k = 0; k <= steps; k++) {
      const s = k / steps;
      const first = start.clone().lerp(corner, s);
      points.push(first.lerp(corner.clone().lerp(end, s), s));
    }
  });
  return points;
}

function bare(geometry: BufferGeometry): BufferGeometry {
  geometry.deleteAttribute('uv');
  return geometry;
}

function smoothThrough(values: readonly number[], along: number): number {
  const at = along * (values.length - 1);
  const i = Math.min(Math.floor(at), values.length - 2);
  const s = at - i;
  return values[i] + (values[i + 1] - values[i]) * s * s * (3 - 2 * s);
}

/** A rounded box comes as bare triangles; the other solids have an index. */
function indexed(geometry: BufferGeometry): BufferGeometry {
  if (geometry.index) return geometry;
  const { count } = geometry.getAttribute('position');
  geometry.setIndex(Array.from({ length: count }, (_, i) => i));
  return geometry;
}

const XYZ_TO_YZX = new Matrix4().makeBasis(
  new Vector3(0, 1, 0),
  new Vector3(0, 0, 1),
  new Vector3(1, 0, 0),
);

/** Makes solids of one detail. */
export class Solids {
  readonly #detail: Detail;

  constructor(detail: Detail) {
    this.#detail = detail;
  }

  /** A solid of revolution about z. @param profile corners as [radius, z], from low to high z */
  turned(profile: readonly Corner[]): BufferGeometry {
    const geometry = new LatheGeometry(
      rounded(profile, this.#detail.rounding),
      this.#detail.turned,
    );
    return bare(geometry).rotateX(Math.PI / 2);
  }

  /** A cylinder about z between two heights, its edges rounded. */
  barrel(radius: number, from: number, to: number, rounding = 0): BufferGeometry {
    return this.turned([
      [0, from],
      [radius, from, rounding],
      [radius, to, rounding],
      [0, to],
    ]);
  }

  /** A round limb along a smooth curve. @param radii along the curve, evenly spaced, m */
  swept(
    through: readonly (readonly [number, number, number])[],
    radii: readonly number[],
  ): BufferGeometry {
    const { swept: segments, rings } = this.#detail;
    const curve = new CatmullRomCurve3(
      through.map((point) => new Vector3(...point)),
      false,
      'centripetal',
    );
    const { normals, binormals } = curve.computeFrenetFrames(rings, false);
    const positions: number[] = [];
    const index: number[] = [];
    const centre = new Vector3();
    const point = new Vector3();
    const row = segments + 1;
    for (let i = 0; i <= rings; i++) {
      const along = i / rings;
      curve.getPointAt(along, centre);
      const radius = smoothThrough(radii, along);
      for (let j = 0; j <= segments; j++) {
        const angle = (2 * Math.PI * j) / segments;
        point
          .copy(centre)
          .addScaledVector(normals[i], radius * Math.cos(angle))
          .addScaledVector(binormals[i], radius * Math.sin(angle));
        positions.push(point.x, point.y, point.z);
        if (i === rings || j === segments) continue;
        const a = i * row + j;
        index.push(a, a + 1, a + row, a + row, a + 1, a + row + 1);
      }
    }
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', new Float32BufferAttribute(positions, 3));
    geometry.setIndex(index);
    const closed = mergeVertices(geometry);
    closed.computeVertexNormals();
    geometry.dispose();
    return closed;
  }

  roundedBox(x: number, y: number, z: number, rounding: number): BufferGeometry {
    return indexed(bare(new RoundedBoxGeometry(x, y, z, this.#detail.edges, rounding)));
  }

  /**
   * A plate of uniform thickness with all its edges softened.
   *
   * @param outline   corners as [y, z], closed, in order
   * @param thickness along x, centred
   */
  plate(outline: readonly Corner[], thickness: number, softening: number): BufferGeometry {
    // Rounding needs both neighbours, so the outline is wrapped by one corner at each end.
    const wrapped = [outline[outline.length - 1], ...outline, outline[0]];
    const points = rounded(wrapped, this.#detail.rounding).slice(1, -1);
    const shape = new Shape(points);
    const geometry = new ExtrudeGeometry(shape, {
      depth: thickness - 2 * softening,
      bevelEnabled: true,
      bevelThickness: softening,
      bevelSize: softening,
      bevelOffset: -softening,
      bevelSegments: this.#detail.edges,
    });
    geometry.translate(0, 0, softening - thickness / 2);
    // Extrusion leaves a facet at every step of the outline; joined corners shade smoothly.
    geometry.deleteAttribute('normal');
    const smooth = mergeVertices(bare(geometry));
    smooth.computeVertexNormals();
    geometry.dispose();
    // Extruded along z from an xy outline; its axes become y, z and x.
    return smooth.applyMatrix4(XYZ_TO_YZX);
  }
}
