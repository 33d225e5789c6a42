import fc from 'fast-check';
import type { Random } from '../../../../../policies/random.ts';

export const normal = (random: Random) => random.normal();
/** Far enough out that what saturates does. */
export const wide = (random: Random) => 8 * random.normal();
export const positive = (random: Random) => 0.1 + Math.abs(random.normal());
/** Equal numbers occur, and zero. */
export const halves = (random: Random) => Math.round(2 * random.normal()) / 2;
export const below = (bound: number) => (random: Random) => random.below(bound);

export const extent = (max: number) => fc.integer({ min: 1, max });

/** Shapes of up to 4 axes of up to 5. */
export const shapes = (minRank = 0): fc.Arbitrary<number[]> =>
  fc.array(extent(5), { minLength: minRank, maxLength: 4 });

/** A shape and one of its axes. */
export const shapeAndAxis = shapes(1).chain((shape) =>
  fc.record({ shape: fc.constant(shape), axis: fc.nat(shape.length - 1) }),
);

/** Two shapes that broadcast: each may lack leading axes and be of length one along others. */
export const broadcasting: fc.Arbitrary<{ a: number[]; b: number[] }> = fc
  .array(fc.record({ all: extent(4), a: fc.boolean(), b: fc.boolean() }), { maxLength: 4 })
  .chain((axes) => {
    const side = (name: 'a' | 'b') =>
      fc
        .nat(axes.length)
        .map((from) => axes.map((axis) => (axis[name] ? axis.all : 1)).slice(from));
    return fc.record({ a: side('a'), b: side('b') });
  });
