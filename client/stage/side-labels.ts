import { Group, Mesh, MeshBasicMaterial, PlaneGeometry } from 'three';
import { cssColor, SIDE_COLORS } from '../shared/colors.ts';
import { paintTexture } from './textures.ts';

/** Middle of a label on the table, m. */
const PLACE = { x: 0.84, y: 0.235, z: 0.001 } as const;
/** m */
const SIZE = { width: 0.28, height: 0.07 } as const;
const PIXELS = { width: 768, height: 192 } as const;
const WORD_FONT = '600 104px system-ui, sans-serif';
const AXIS_FONT = '500 88px system-ui, sans-serif';
/** Between the word and its axis, px. */
const SPACE = 24;

/** The robot's left and right, written on the table so that they read the right way up. */
export class SideLabels {
  readonly object = new Group();
  readonly #geometry = new PlaneGeometry(SIZE.width, SIZE.height);
  readonly #materials: MeshBasicMaterial[] = [];

  constructor() {
    for (const side of [1, -1]) {
      const material = new MeshBasicMaterial({
        opacity: 0.6,
        transparent: true,
        depthWrite: false,
        toneMapped: false,
      });
      this.#materials.push(material);
      const label = new Mesh(this.#geometry, material);
      label.position.set(PLACE.x, side * PLACE.y, PLACE.z);
      label.renderOrder = 1;
      this.object.add(label);
    }
    this.write('LEFT', 'RIGHT');
  }

  write(left: string, right: string): void {
    const [leftMaterial, rightMaterial] = this.#materials;
    for (const material of this.#materials) material.map?.dispose();
    leftMaterial.map = paintLabel(left, '+y', SIDE_COLORS.left);
    rightMaterial.map = paintLabel(right, '−y', SIDE_COLORS.right);
  }

  /** Turns the labels to the side of the table the viewer is on. @param cameraX m */
  face(cameraX: number): void {
    // Text runs along +x and is upright along +y of its plane.
    const turn = cameraX >= 0 ? Math.PI / 2 : -Math.PI / 2;
    for (const label of this.object.children) label.rotation.z = turn;
  }

  dispose(): void {
    this.#geometry.dispose();
    for (const material of this.#materials) {
      material.map?.dispose();
      material.dispose();
    }
  }
}

function paintLabel(word: string, axis: string, color: number) {
  return paintTexture(PIXELS.width, PIXELS.height, (context) => {
    const middle = PIXELS.height / 2;
    context.textBaseline = 'middle';
    context.fillStyle = cssColor(color);
    context.font = AXIS_FONT;
    const axisWidth = context.measureText(axis).width;
    context.font = WORD_FONT;
    context.letterSpacing = '14px';
    const wordWidth = context.measureText(word).width;
    const start = (PIXELS.width - wordWidth - SPACE - axisWidth) / 2;
    context.fillText(word, start, middle);
    context.font = AXIS_FONT;
    context.letterSpacing = '0px';
    context.globalAlpha = 0.85;
    context.fillText(axis, start + wordWidth + SPACE, middle);
  });
}
