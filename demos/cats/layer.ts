import type { Rgb } from './cat.ts';
import type { Shape } from './shapes.ts';

/** What a layer belongs to. */
export type Part = 'body' | 'suit' | 'ears' | 'head' | 'face' | 'eyes' | 'helmet' | 'hat';

/** Width of the line round a shape. */
export const EDGE = 0.022;

/** One shape of one colour; later layers hide earlier ones. */
export interface Layer {
  readonly part: Part;
  readonly shape: Shape;
  readonly colour: Rgb;
  /** @default 1 */
  readonly opacity?: number;
  /** A line round it, hidden by it. */
  readonly edge?: Rgb;
}
