import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { CAPTION_WORDS, CaptionError, parseCaption } from '../../../../demos/cats/index.ts';

/** Pixels a side. */
export const SIDE = 16;
/** So many strokes can be taken back. */
const KEPT = 50;

/** Colours to paint with, as the cats have them. */
export const PALETTE = [
  [217, 60, 52],
  [240, 150, 50],
  [80, 170, 80],
  [70, 120, 220],
  [245, 243, 238],
  [46, 44, 54],
  [250, 214, 84],
  [240, 150, 170],
  [120, 84, 60],
  [190, 214, 197],
] as const;
/** The wall behind the cats. */
const WALL = 9;

/** What is wrong with a caption; null where nothing is. */
export type CaptionProblem =
  | { readonly kind: 'empty' }
  | { readonly kind: 'long'; readonly most: number; readonly got: number }
  | { readonly kind: 'contradicts'; readonly message: string };

/** A picture that is being drawn, with its caption. */
export interface EditorState {
  /** [16, 16, 3] bytes */
  readonly rgb: ReadonlySignal<Uint8Array>;
  readonly colour: Signal<number>;
  /** Row and column of the keys' cursor. */
  readonly cursor: Signal<readonly [number, number]>;
  readonly caption: Signal<string>;
  readonly problem: ReadonlySignal<CaptionProblem | null>;
  /** Words that captions do not have: one word to the network, whichever they are. */
  readonly unknown: ReadonlySignal<readonly string[]>;
  readonly share: Signal<number>;
  readonly canUndo: ReadonlySignal<boolean>;
  /** A stroke begins: what follows is taken back at once. */
  begin(): void;
  /** Nothing outside of the picture. */
  paint(row: number, column: number): void;
  undo(): void;
  /** Another picture to go on from. @param rgb [16, 16, 3] bytes */
  load(rgb: Uint8Array): void;
  clear(): void;
}

export function createEditorState(): EditorState {
  const rgb = signal(wall());
  const past = signal<readonly Uint8Array[]>([]);
  const colour = signal(3);
  const caption = signal('a blue cat');
  const read = computed(() => readCaption(caption.value));
  const remember = () => {
    past.value = [...past.value, rgb.value].slice(-KEPT);
  };
  const load = (next: Uint8Array) =>
    batch(() => {
      remember();
      rgb.value = next;
    });
  return {
    rgb,
    colour,
    cursor: signal<readonly [number, number]>([SIDE / 2, SIDE / 2]),
    caption,
    problem: computed(() => read.value.problem),
    unknown: computed(() => read.value.unknown),
    share: signal(0.1),
    canUndo: computed(() => past.value.length > 0),
    begin: remember,
    paint(row, column) {
      if (!(row >= 0 && row < SIDE && column >= 0 && column < SIDE)) return;
      const next = rgb.value.slice();
      next.set(PALETTE[colour.value], 3 * (SIDE * row + column));
      rgb.value = next;
    },
    undo() {
      const before = past.value.at(-1);
      if (!before) return;
      batch(() => {
        rgb.value = before;
        past.value = past.value.slice(0, -1);
      });
    },
    load,
    clear: () => load(wall()),
  };
}

function wall(): Uint8Array {
  return Uint8Array.from({ length: 3 * SIDE * SIDE }, (_, i) => PALETTE[WALL][i % 3]);
}

function readCaption(text: string): { problem: CaptionProblem | null; unknown: readonly string[] } {
  const words = text.split(/\s+/).filter((word) => word !== '').length;
  if (words === 0) return { problem: { kind: 'empty' }, unknown: [] };
  if (words > CAPTION_WORDS) {
    return { problem: { kind: 'long', most: CAPTION_WORDS, got: words }, unknown: [] };
  }
  try {
    return { problem: null, unknown: parseCaption(text).unknown };
  } catch (error) {
    if (!(error instanceof CaptionError)) throw error;
    return { problem: { kind: 'contradicts', message: error.message }, unknown: [] };
  }
}
