import type { Colour } from './attributes.ts';
import type { Rgb } from './cat.ts';

/** Colours of one coat. */
export interface Coat {
  readonly fur: Rgb;
  /** Stripes. */
  readonly dark: Rgb;
  /** Muzzle, chest and paws. */
  readonly light: Rgb;
  /** The line round everything. */
  readonly line: Rgb;
}

export const COATS: Readonly<Record<Colour, Coat>> = {
  red: {
    fur: [0.86, 0.25, 0.22],
    dark: [0.64, 0.13, 0.14],
    light: [0.99, 0.86, 0.8],
    line: [0.33, 0.07, 0.09],
  },
  orange: {
    fur: [0.97, 0.63, 0.2],
    dark: [0.84, 0.44, 0.1],
    light: [1, 0.92, 0.78],
    line: [0.42, 0.2, 0.06],
  },
  green: {
    fur: [0.36, 0.72, 0.32],
    dark: [0.2, 0.52, 0.22],
    light: [0.9, 0.97, 0.8],
    line: [0.08, 0.28, 0.12],
  },
  blue: {
    fur: [0.28, 0.48, 0.88],
    dark: [0.16, 0.32, 0.68],
    light: [0.86, 0.93, 1],
    line: [0.07, 0.14, 0.38],
  },
  white: {
    fur: [0.97, 0.96, 0.93],
    dark: [0.82, 0.8, 0.78],
    light: [1, 1, 1],
    line: [0.38, 0.35, 0.36],
  },
  black: {
    fur: [0.2, 0.19, 0.23],
    dark: [0.1, 0.09, 0.12],
    light: [0.78, 0.77, 0.8],
    line: [0.04, 0.03, 0.06],
  },
};
