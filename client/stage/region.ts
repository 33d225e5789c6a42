import {
  BufferGeometry,
  Color,
  Float32BufferAttribute,
  Group,
  Mesh,
  MeshBasicMaterial,
} from 'three';
import { FatLines, type LineUniforms } from './fat-lines.ts';
import type { Region } from './types.ts';

/** Line px. */
const WIDTH = 1.3;
const LINE_OPACITY = 0.5;
const FILL_OPACITY = 0.1;
/** Above the table, m. */
const HEIGHT = 0.002;
const MOST_CORNERS = 512;
const ORDER = 2;

/** Areas of the table, drawn faintly: where the objects of demonstrations lay at their starts. */
export class Regions {
  readonly object = new Group();
  readonly #lines: FatLines;
  readonly #color = new Color();
  #fills: Mesh<BufferGeometry, MeshBasicMaterial>[] = [];

  constructor(shared: LineUniforms) {
    this.#lines = new FatLines(MOST_CORNERS, shared, ORDER);
    this.object.add(this.#lines.object);
  }

  set(regions: readonly Region[]): void {
    this.#clear();
    for (const { corners, color } of regions) {
      if (corners.length < 2) continue;
      this.#color.set(color);
      for (let i = 0; i <= corners.length; i++) {
        const [x, y] = corners[i % corners.length];
        const width = i === corners.length ? 0 : WIDTH;
        this.#lines.add(x, y, HEIGHT, width, this.#color, LINE_OPACITY);
      }
      if (corners.length > 2) this.#fill(corners);
    }
    this.#lines.commit();
  }

  dispose(): void {
    this.#clear();
    this.#lines.dispose();
  }

  #clear(): void {
    this.#lines.clear();
    for (const fill of this.#fills) {
      this.object.remove(fill);
      fill.geometry.dispose();
      fill.material.dispose();
    }
    this.#fills = [];
  }

  /** Corners of a convex area, counter-clockwise: a fan of triangles fills it. */
  #fill(corners: Region['corners']): void {
    const geometry = new BufferGeometry();
    const points = corners.flatMap(([x, y]) => [x, y, HEIGHT]);
    geometry.setAttribute('position', new Float32BufferAttribute(points, 3));
    geometry.setIndex(corners.slice(2).flatMap((_, i) => [0, i + 1, i + 2]));
    const material = new MeshBasicMaterial({
      color: this.#color.getHex(),
      transparent: true,
      opacity: FILL_OPACITY,
      depthWrite: false,
      toneMapped: false,
    });
    const mesh = new Mesh(geometry, material);
    mesh.renderOrder = ORDER;
    this.#fills.push(mesh);
    this.object.add(mesh);
  }
}
