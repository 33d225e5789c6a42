import { Group, Mesh, MeshBasicMaterial, PlaneGeometry } from 'three';
import { cssColor } from '../shared/colors.ts';
import { paintTexture } from './textures.ts';
import type { WayLabel } from './types.ts';

/** Middle of the row of labels on the table, m. */
const PLACE = { x: 0.84, z: 0.001 } as const;
/** From the middle of the first label to that of the last, where there are up to three, m. */
const SPAN = 0.47;
/** Between the middles of more, m. */
const APART = 0.27;
/** All the room there is for them, m. */
const ROOM = 1.35;
/** m */
const SIZE = { width: 0.28, height: 0.07 } as const;
const PIXELS = { width: 768, height: 192 } as const;
const WORD_FONT = '600 104px system-ui, sans-serif';
const AXIS_FONT = '500 88px system-ui, sans-serif';
/** Between the word and its axis, px. */
const SPACE = 24;

/** The ways past the obstacles, written on the table so that they read the right way up. */
export class WayLabels {
  readonly object = new Group();
  readonly #geometry = new PlaneGeometry(SIZE.width, SIZE.height);
  #materials: readonly MeshBasicMaterial[] = [];

  /** @param labels from the robot's left to its right */
  write(labels: readonly WayLabel[]): void {
    this.#clear();
    const last = labels.length - 1;
    const apart = last > 2 ? APART : SPAN / Math.max(1, last);
    const scale = Math.min(1, ROOM / (apart * last + SIZE.width));
    this.#materials = labels.map(({ word, color }, i) => {
      const material = new MeshBasicMaterial({
        map: paintLabel(word, axisOf(i, last), color),
        opacity: 0.6,
        transparent: true,
        depthWrite: false,
        toneMapped: false,
      });
      const label = new Mesh(this.#geometry, material);
      label.position.set(PLACE.x, scale * apart * (last / 2 - i), PLACE.z);
      label.scale.setScalar(scale);
      label.renderOrder = 1;
      this.object.add(label);
      return material;
    });
  }

  /** Turns the labels to the side of the table the viewer is on. @param cameraX m */
  face(cameraX: number): void {
    // Text runs along +x and is upright along +y of its plane.
    const turn = cameraX >= 0 ? Math.PI / 2 : -Math.PI / 2;
    for (const label of this.object.children) label.rotation.z = turn;
  }

  dispose(): void {
    this.#clear();
    this.#geometry.dispose();
  }

  #clear(): void {
    this.object.clear();
    for (const material of this.#materials) {
      material.map?.dispose();
      material.dispose();
    }
  }
}

/** The ends of the row lie along the robot's y. */
function axisOf(index: number, last: number): string {
  if (last === 0) return '';
  if (index === 0) return '+y';
  return index === last ? '−y' : '';
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
    const space = axis === '' ? 0 : SPACE;
    const start = (PIXELS.width - wordWidth - space - axisWidth) / 2;
    context.fillText(word, start, middle);
    context.font = AXIS_FONT;
    context.letterSpacing = '0px';
    context.globalAlpha = 0.85;
    context.fillText(axis, start + wordWidth + space, middle);
  });
}
