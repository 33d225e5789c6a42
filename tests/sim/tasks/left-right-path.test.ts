import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Vec3 } from '../../../sim/index.ts';
import { leftRight } from '../../../sim/tasks/left-right/task.ts';
import { within } from '../../support/arbitraries.ts';
import { LEFT, POST, RIGHT } from '../../support/simulation.ts';

/** A planned path from the start to behind the post, past it at `y`. */
const past = (y: number): Vec3[] => [
  [0.34, 0, 0.14],
  [POST.x - 0.09, y, 0.11],
  [POST.x + 0.09, y, 0.11],
  [0.68, 0, 0.03],
];

describe('classifyPath', () => {
  it('names the side a planned path takes', () => {
    expect(leftRight.classifyPath(past(LEFT))).toBe('left');
    expect(leftRight.classifyPath(past(RIGHT))).toBe('right');
  });

  it('calls the mean of the two invalid: it runs into the post', () => {
    const mean = past(LEFT).map(([x, y, z], i): Vec3 => [x, (y + past(RIGHT)[i][1]) / 2, z]);
    expect(leftRight.classifyPath(mean)).toBe('invalid');
  });

  it('is null for a path that ends before the modes part', () => {
    expect(leftRight.classifyPath(past(LEFT).slice(0, 2))).toBeNull();
    expect(leftRight.classifyPath([])).toBeNull();
    expect(leftRight.classifyPath([[0.34, 0, 0.14]])).toBeNull();
  });

  it('is null for a path that begins behind the post', () => {
    expect(leftRight.classifyPath(past(LEFT).slice(2))).toBeNull();
  });

  it('goes by the first passage', () => {
    expect(leftRight.classifyPath([...past(RIGHT), ...past(LEFT)])).toBe('right');
  });

  it('counts the way-point that lies in the plane itself as passed', () => {
    const path: Vec3[] = [
      [0.4, LEFT, 0.11],
      [POST.x, LEFT, 0.11],
    ];
    expect(leftRight.classifyPath(path)).toBe('left');
  });

  it('leaves between the modes what a hand of 0.2 m width cannot pass, and nothing else', () => {
    const blocked = POST.radius + 0.1;
    expect(leftRight.classifyPath(past(blocked - 0.001))).toBe('invalid');
    expect(leftRight.classifyPath(past(blocked + 0.001))).toBe('left');
    fc.assert(
      fc.property(within(-0.5, 0.5), (y) => {
        fc.pre(Math.abs(Math.abs(y) - blocked) > 1e-9);
        const side = y > 0 ? 'left' : 'right';
        const expected = Math.abs(y) < blocked ? 'invalid' : side;
        expect(leftRight.classifyPath(past(y))).toBe(expected);
      }),
    );
  });

  it('depends on the path, not on how finely it is sampled', () => {
    fc.assert(
      fc.property(within(-0.5, 0.5), fc.integer({ min: 1, max: 40 }), (y, pieces) => {
        fc.pre(Math.abs(Math.abs(y) - 0.125) > 1e-6);
        const coarse = past(y);
        const fine = coarse.slice(1).flatMap((to, i): Vec3[] => {
          const from = coarse[i];
          return Array.from({ length: pieces }, (_, k): Vec3 => {
            const u = k / pieces;
            return [
              from[0] + u * (to[0] - from[0]),
              from[1] + u * (to[1] - from[1]),
              from[2] + u * (to[2] - from[2]),
            ];
          });
        });
        fine.push(coarse[3]);
        expect(leftRight.classifyPath(fine)).toBe(leftRight.classifyPath(coarse));
      }),
    );
  });
});
