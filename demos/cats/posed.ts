import type { Cat } from './cat.ts';

/**
 * A cat where all cats of a small lesson sit: in the middle, upright, before one wall. What it wears, its
 * colour and its eyes stay its own. So few pictures say what a cat is that a few hundred steps learn it.
 */
export function posed(cat: Cat): Cat {
  return {
    ...cat,
    size: 0.33,
    x: 0,
    y: 0.02,
    tilt: 0,
    pose: 'sitting',
    mirrored: false,
    background: {
      place: 'wall',
      upper: [0.78, 0.88, 0.8],
      lower: [0.66, 0.78, 0.76],
      horizon: 0.6,
    },
  };
}
