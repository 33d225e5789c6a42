import { bodyLayers } from './body.ts';
import type { Cat } from './cat.ts';
import { headLayers } from './head.ts';
import type { Layer } from './layer.ts';
import { hatLayers, helmetLayers } from './wear.ts';

/** A cat from back to front. */
export function layersOf(cat: Cat): Layer[] {
  return [...bodyLayers(cat), ...headLayers(cat), ...helmetLayers(cat), ...hatLayers(cat)];
}
