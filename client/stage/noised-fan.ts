import { Color, Group } from 'three';
import { Beads } from './beads.ts';
import { FatLines, type LineUniforms } from './fat-lines.ts';
import type { NoisedPaths } from './types.ts';

/** Dots and points of lines that are shown. */
const MAX_BEADS = 8192;
const MAX_POINTS = 4096;
/** Over the arm: noise lies anywhere, also inside it. */
const ORDER = 12;
/** Line px. */
const SIZE = 4;
const CHOSEN_SIZE = 7;
const STRING_WIDTH = 1;
const CHOSEN_STRING_WIDTH = 3.5;
const LEAD_WIDTH = 2.5;
const LEAD_COLOR = 0xffffff;
const LEAD_OPACITY = 0.75;
/** Of where the paths stand, and what an onion skin has left of the one after it. */
const OPACITY = 0.85;
const FADE = 0.42;
const SKIN_SIZE = 0.7;

/** Paths on their way out of noise in one view: a bead an action, with skins of where they stood. */
export class NoisedFan {
  readonly object = new Group();
  readonly #beads: Beads;
  readonly #lines: FatLines;
  readonly #colors = new Map<number, Color>();

  constructor(shared: LineUniforms) {
    this.#beads = new Beads(MAX_BEADS, shared, ORDER + 1);
    this.#lines = new FatLines(MAX_POINTS, shared, ORDER);
    this.object.add(this.#lines.object, this.#beads.object);
    this.object.visible = false;
  }

  /** @param paths null hides it */
  set(paths: NoisedPaths | null): void {
    this.object.visible = paths !== null;
    this.#beads.clear();
    this.#lines.clear();
    if (!paths) return;
    const { futures, layers, strung, lead } = paths;
    layers.forEach((points, i) => {
      const age = layers.length - 1 - i;
      const size = points.length / futures.length;
      // The acting one lies on top of its siblings.
      for (let f = futures.length - 1; f >= 0; f--) {
        const path = points.subarray(f * size, (f + 1) * size);
        this.#dot(path, futures[f], age);
        if (age === 0) this.#string(path, futures[f], strung);
      }
    });
    if (lead) this.#line(lead, LEAD_WIDTH, this.#color(LEAD_COLOR), LEAD_OPACITY);
    this.#beads.commit();
    this.#lines.commit();
  }

  dispose(): void {
    this.#beads.dispose();
    this.#lines.dispose();
  }

  #dot(path: Float32Array, { color, chosen }: NoisedPaths['futures'][number], age: number): void {
    const size = (chosen ? CHOSEN_SIZE : SIZE) * (age === 0 ? 1 : SKIN_SIZE);
    const opacity = (chosen ? 1 : OPACITY) * FADE ** age;
    for (let i = 0; i < path.length; i += 3) {
      this.#beads.add(path[i], path[i + 1], path[i + 2], size, this.#color(color), opacity);
    }
  }

  #string(
    path: Float32Array,
    { color, chosen }: NoisedPaths['futures'][number],
    strung: number,
  ): void {
    if (strung <= 0) return;
    const width = chosen ? CHOSEN_STRING_WIDTH : STRING_WIDTH;
    this.#line(path, width, this.#color(color), strung * (chosen ? 1 : OPACITY));
  }

  #line(path: Float32Array, width: number, color: Color, opacity: number): void {
    for (let i = 0; i < path.length; i += 3) {
      const last = i + 3 >= path.length;
      this.#lines.add(path[i], path[i + 1], path[i + 2], last ? 0 : width, color, opacity);
    }
  }

  #color(hex: number): Color {
    const color = this.#colors.get(hex) ?? new Color(hex);
    this.#colors.set(hex, color);
    return color;
  }
}
