import type { PaintingMethod } from './presets.ts';

/** How a painter that ships is made. */
export type PainterRecipe =
  | { readonly name: PaintingMethod; readonly steps: number }
  | {
      readonly name: 'reflow';
      /** The recipe whose painter draws the pairs. */
      readonly teacher: 'flow';
      readonly guidance: number;
      readonly pairs: number;
      readonly steps: number;
    };

/** What all of them have in common: pixels a side, channels of each level, and the cats they see. */
export const SHIPPED_PICTURES = {
  size: 32,
  channels: [32, 64, 128],
  cats: 1024,
  renew: 4,
} as const;

/**
 * The painters that ship, in the order in which they can be made. One that answers with the mean of what
 * a caption may mean has learnt it long before one that draws.
 */
export const PAINTER_RECIPES: readonly PainterRecipe[] = [
  { name: 'flow', steps: 9000 },
  { name: 'diffusion', steps: 4000 },
  { name: 'l2', steps: 1000 },
  { name: 'reflow', teacher: 'flow', guidance: 2, pairs: 4096, steps: 1500 },
];
export const RECIPE_NAMES = PAINTER_RECIPES.map(({ name }) => name);
