import {
  Color,
  ExtrudeGeometry,
  Float32BufferAttribute,
  Group,
  Mesh,
  MeshBasicMaterial,
  MeshLambertMaterial,
  MeshStandardMaterial,
  PlaneGeometry,
  RingGeometry,
  Shape,
  type Texture,
} from 'three';
import type { Finish, Wardrobe } from './finishes.ts';
import { paintTexture } from './textures.ts';

/** The table's top: the collider the left-right task puts under its objects, z = 0 on top. m */
export const TABLE = { x: [-0.2, 1], y: [-0.7, 0.7] } as const;

const THICKNESS = 0.045;
const CORNER = 0.07;
const BEVEL = 0.008;
/** Where the floor begins to be lost in the dark, and where it is gone, m. */
const FLOOR_RADII = [0.4, 2.2] as const;

const WIDTH = TABLE.x[1] - TABLE.x[0];
const LENGTH = TABLE.y[1] - TABLE.y[0];
const PIXELS_PER_METRE = 1400;
/** Spacing of the grid, m. */
const GRID = 0.1;

/** A rounded slab with a fine grid on a floor that fades into the backdrop. */
export class Table {
  readonly object = new Group();
  readonly #dispose: (() => void)[] = [];

  constructor(wardrobe: Wardrobe, softDisc: Texture) {
    const map = paintTop();
    const top = finish(0xffffff, 0.55, map);
    const side = finish(0x3c4652, 0.45);
    const [centreX, centreY] = [(TABLE.x[0] + TABLE.x[1]) / 2, (TABLE.y[0] + TABLE.y[1]) / 2];

    const geometry = slab();
    // Extrusion puts the caps in the first group of triangles and the sides in the second: two
    // meshes over one buffer each draw their own.
    const caps = geometry.clone();
    const [capGroup, sideGroup] = geometry.groups;
    caps.clearGroups();
    caps.setDrawRange(capGroup.start, capGroup.count);
    geometry.clearGroups();
    geometry.setDrawRange(sideGroup.start, sideGroup.count);
    const topMesh = new Mesh(caps);
    const sideMesh = new Mesh(geometry);
    sideMesh.castShadow = true;
    for (const [mesh, worn] of [
      [topMesh, top],
      [sideMesh, side],
    ] as const) {
      mesh.position.set(centreX, centreY, 0);
      mesh.receiveShadow = true;
      wardrobe.dress(mesh, worn);
      this.object.add(mesh);
    }

    const floorGeometry = floorDisc();
    const floor = new Mesh(floorGeometry);
    floor.position.set(centreX, centreY, -THICKNESS - 0.001);
    floor.receiveShadow = true;
    floor.renderOrder = -2;
    wardrobe.dress(floor, floorFinish());
    this.object.add(floor);

    // A shadow below the base holds it to the table even where no shadow map is drawn.
    const contactGeometry = new PlaneGeometry(2, 2);
    const contactMaterial = new MeshBasicMaterial({
      map: softDisc,
      color: 0x000000,
      opacity: 0.8,
      transparent: true,
      depthWrite: false,
    });
    const contact = new Mesh(contactGeometry, contactMaterial);
    contact.position.set(-0.04, 0, 0.0006);
    contact.scale.set(0.27, 0.23, 1);
    this.object.add(contact);

    this.#dispose.push(
      () => map.dispose(),
      () => geometry.dispose(),
      () => caps.dispose(),
      () => floorGeometry.dispose(),
      () => contactGeometry.dispose(),
      () => contactMaterial.dispose(),
    );
    this.object.traverse((object) => {
      object.updateMatrix();
      object.matrixAutoUpdate = false;
    });
  }

  dispose(): void {
    for (const dispose of this.#dispose) dispose();
  }
}

function finish(color: number, roughness: number, map: Texture | null = null): Finish {
  return {
    high: new MeshStandardMaterial({ color, roughness, map, dithering: true }),
    // Without the room's reflection it would be darker.
    low: new MeshLambertMaterial({ color: new Color(color).multiplyScalar(1.5), map }),
  };
}

function floorFinish(): Finish {
  const color = 0x171c23;
  const fading = { color, vertexColors: true, transparent: true, depthWrite: false };
  return {
    high: new MeshStandardMaterial({ ...fading, roughness: 0.8, dithering: true }),
    low: new MeshLambertMaterial(fading),
  };
}

function slab(): ExtrudeGeometry {
  const [x, y] = [WIDTH / 2 - BEVEL, LENGTH / 2 - BEVEL];
  const r = CORNER - BEVEL;
  const shape = new Shape();
  shape.moveTo(-x + r, -y);
  shape.lineTo(x - r, -y).absarc(x - r, -y + r, r, -Math.PI / 2, 0, false);
  shape.lineTo(x, y - r).absarc(x - r, y - r, r, 0, Math.PI / 2, false);
  shape.lineTo(-x + r, y).absarc(-x + r, y - r, r, Math.PI / 2, Math.PI, false);
  shape.lineTo(-x, -y + r).absarc(-x + r, -y + r, r, Math.PI, 1.5 * Math.PI, false);
  const geometry = new ExtrudeGeometry(shape, {
    depth: THICKNESS - 2 * BEVEL,
    bevelThickness: BEVEL,
    bevelSize: BEVEL,
    bevelSegments: 3,
    curveSegments: 10,
  });
  geometry.translate(0, 0, BEVEL - THICKNESS);
  // Texture coordinates over the whole top, instead of metres.
  const position = geometry.getAttribute('position');
  const uv = geometry.getAttribute('uv');
  for (let i = 0; i < uv.count; i++) {
    uv.setXY(i, position.getX(i) / WIDTH + 0.5, position.getY(i) / LENGTH + 0.5);
  }
  return geometry;
}

function floorDisc(): RingGeometry {
  const geometry = new RingGeometry(0.001, FLOOR_RADII[1], 64, 24);
  const position = geometry.getAttribute('position');
  const colors = new Float32BufferAttribute(4 * position.count, 4);
  const [from, to] = FLOOR_RADII;
  for (let i = 0; i < position.count; i++) {
    const radius = Math.hypot(position.getX(i), position.getY(i));
    const s = Math.min(Math.max((radius - from) / (to - from), 0), 1);
    colors.setXYZW(i, 1, 1, 1, 1 - s * s * (3 - 2 * s));
  }
  geometry.setAttribute('color', colors);
  return geometry;
}

/** Slate with a fine grid, its lines through the robot's axes a little stronger. */
function paintTop(): Texture {
  const width = WIDTH * PIXELS_PER_METRE;
  const height = LENGTH * PIXELS_PER_METRE;
  return paintTexture(width, height, (context) => {
    context.fillStyle = '#323a45';
    context.fillRect(0, 0, width, height);
    const toU = (x: number) => (x - TABLE.x[0]) * PIXELS_PER_METRE;
    // The canvas has its origin at the top, the texture at the bottom.
    const toV = (y: number) => (TABLE.y[1] - y) * PIXELS_PER_METRE;
    const line = (x0: number, y0: number, x1: number, y1: number, strong: boolean) => {
      context.strokeStyle = strong ? 'rgb(190 210 230 / 0.26)' : 'rgb(190 210 230 / 0.1)';
      context.lineWidth = strong ? 3.5 : 2.5;
      context.beginPath();
      context.moveTo(toU(x0), toV(y0));
      context.lineTo(toU(x1), toV(y1));
      context.stroke();
    };
    const margin = 0.05;
    const [x0, x1] = [TABLE.x[0] + margin, TABLE.x[1] - margin];
    const [y0, y1] = [TABLE.y[0] + margin, TABLE.y[1] - margin];
    for (let i = Math.ceil(x0 / GRID); i * GRID <= x1; i++) {
      line(i * GRID, y0, i * GRID, y1, i === 0);
    }
    for (let i = Math.ceil(y0 / GRID); i * GRID <= y1; i++) {
      line(x0, i * GRID, x1, i * GRID, i === 0);
    }
  });
}
