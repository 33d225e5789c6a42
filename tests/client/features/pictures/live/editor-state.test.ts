import { describe, expect, it } from 'vitest';
import {
  createEditorState,
  PALETTE,
  SIDE,
} from '../../../../../client/features/pictures/live/editor-state.ts';
import { hasSimd } from '../../../../../client/features/pictures/live/simd.ts';
import { CAPTION_WORDS } from '../../../../../demos/cats/index.ts';

function pixel(rgb: Uint8Array, row: number, column: number): number[] {
  const at = 3 * (SIDE * row + column);
  return [...rgb.subarray(at, at + 3)];
}

describe('a picture of one’s own', () => {
  it('is painted pixel by pixel, and a stroke is taken back at once', () => {
    const editor = createEditorState();
    const blank = editor.rgb.value;
    editor.colour.value = 0;
    editor.begin();
    editor.paint(2, 5);
    editor.paint(2, 6);
    expect(pixel(editor.rgb.value, 2, 5)).toEqual([...PALETTE[0]]);
    expect(pixel(editor.rgb.value, 2, 6)).toEqual([...PALETTE[0]]);
    expect(pixel(editor.rgb.value, 3, 5)).toEqual(pixel(blank, 3, 5));
    editor.undo();
    expect(editor.rgb.value).toEqual(blank);
    expect(editor.canUndo.value).toBe(false);
  });

  it('has no pixels outside of it', () => {
    const editor = createEditorState();
    const blank = editor.rgb.value;
    for (const [row, column] of [
      [-1, 0],
      [0, -1],
      [SIDE, 0],
      [0, SIDE],
      [Number.NaN, 0],
    ]) {
      editor.paint(row, column);
    }
    expect(editor.rgb.value).toEqual(blank);
  });

  it('goes on from another, which is taken back as a stroke is', () => {
    const editor = createEditorState();
    const blank = editor.rgb.value;
    const cat = new Uint8Array(blank.length).fill(9);
    editor.load(cat);
    expect(editor.rgb.value).toEqual(cat);
    editor.clear();
    expect(editor.rgb.value).toEqual(blank);
    editor.undo();
    expect(editor.rgb.value).toEqual(cat);
  });
});

describe('the caption of a picture of one’s own', () => {
  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['cat '.repeat(CAPTION_WORDS + 1), 'long'],
    ['a red blue cat', 'contradicts'],
  ])('is not taken: %j', (caption, kind) => {
    const editor = createEditorState();
    editor.caption.value = caption;
    expect(editor.problem.value?.kind).toBe(kind);
  });

  it('may have words that no caption has, which are named', () => {
    const editor = createEditorState();
    editor.caption.value = 'a purple cat with a crown';
    expect([editor.problem.value, editor.unknown.value]).toEqual([null, ['purple', 'crown']]);
  });
});

describe('WebAssembly with SIMD', () => {
  it('is what this machine has, by a module that takes it', () => {
    expect(hasSimd()).toBe(true);
  });
});
