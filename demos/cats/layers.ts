import { bodyLayers } from './body.ts';
import type { Cat } from './cat.ts';
import { eyeLayers, headLayers } from './head.ts';
import type { Layer } from './layer.ts';
import { hatLayers, helmetLayers } from './wear.ts';

/** Layers that are drawn one after another, and all of a cat that they depend on. */
export interface LayerGroup {
  readonly of: readonly (keyof Cat)[];
  layersOf(cat: Cat): Layer[];
}

/** A cat from back to front. */
export const LAYER_GROUPS: readonly LayerGroup[] = [
  group(['x', 'y', 'size', 'pose', 'mirrored', 'helmet', 'colour'], bodyLayers),
  group(['x', 'y', 'size', 'tilt', 'colour'], headLayers),
  group(['x', 'y', 'size', 'tilt', 'colour', 'eyes', 'eyeColour', 'look'], eyeLayers),
  group(['x', 'y', 'size', 'helmet'], helmetLayers),
  group(['x', 'y', 'size', 'tilt', 'hat', 'helmet'], hatLayers),
];

/** A cat from back to front. */
export function layersOf(cat: Cat): Layer[] {
  return LAYER_GROUPS.flatMap((group) => group.layersOf(cat));
}

/** What is not named cannot be read: it would not be drawn anew where it alone changes. */
function group<Key extends keyof Cat>(
  of: readonly Key[],
  layersOf: (cat: Pick<Cat, NoInfer<Key>>) => Layer[],
): LayerGroup {
  return { of, layersOf };
}
