import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../server/experiments/canonical.ts';
import {
  partOf,
  type ShardDescription,
  shardId,
  shardSchema,
  shardsOf,
} from '../../../server/experiments/shard.ts';
import { somePlan } from '../../support/experiments.ts';

const [{ description: SHARD }] = shardsOf(somePlan());
/** As plans of that format have always had it. */
const BEFORE = '98eaa3278f777de5cafcb4cc19e773e1942b3477ba5caf24c61d82095ff885e5';

/** Every way to its leaves but for the name of its policy: what decides its result. */
function leavesOf(value: unknown, way: readonly (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== 'object') return [[...way]];
  return Object.entries(value).flatMap(([key, field]) => leavesOf(field, [...way, key]));
}

const DECIDING = leavesOf(SHARD).filter((way) => !way.includes('source'));

/** The same with another value at the end of a way. */
function changed(value: unknown, way: readonly (string | number)[], to: unknown): unknown {
  if (way.length === 0) return to;
  const [key, ...rest] = way;
  const copy: Record<string, unknown> = Array.isArray(value)
    ? (Object.assign([], value) as unknown as Record<string, unknown>)
    : { ...(value as object) };
  copy[key] = changed(copy[key], rest, to);
  return copy;
}

/** With the keys of all objects in reverse. */
function turnedRound(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turnedRound);
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).map(([key, field]) => [key, turnedRound(field)] as const);
  return Object.fromEntries(fields.reverse());
}

describe('the id of a shard', () => {
  it.each(DECIDING.map((way) => ({ name: way.join('.'), way })))(
    'is another with another $name',
    ({ way }) => {
      const other = fc.oneof(
        fc.string(),
        fc.nat(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
      );
      const value = way.reduce<unknown>(
        (at, key) => (at as Record<string | number, unknown>)[key],
        SHARD,
      );
      fc.assert(
        fc.property(
          other.filter((each) => canonicalJson(each) !== canonicalJson(value)),
          (to) => shardId(changed(SHARD, way, to) as ShardDescription) !== shardId(SHARD),
        ),
        { numRuns: 20 },
      );
    },
  );

  it('is another with one rollout more or less, or in another order', () => {
    const { cells } = SHARD;
    const others = [cells.slice(1), [...cells, [9, 9] as const], [...cells].reverse()];
    const ids = others.map((each) => shardId({ ...SHARD, cells: each as typeof cells }));
    expect(new Set([shardId(SHARD), ...ids]).size).toBe(4);
  });

  it('is another with every choice that a contender has', () => {
    const acting = [
      { ...SHARD.acting, guidance: 1 },
      { ...SHARD.acting, chunking: { scheme: 'synchronous', delay: 0 } as const },
      { ...SHARD.acting, chunking: { scheme: 'real-time', delay: 0 } as const },
      { ...SHARD.acting, perturbation: { mass: 2 } },
      { ...SHARD.acting, perturbation: { mass: 3 } },
      { ...SHARD.acting, sampler: null },
      { ...SHARD.acting, sampler: { kind: 'heun', steps: 1 } as const },
    ];
    const ids = acting.map((each) => shardId({ ...SHARD, acting: each }));
    expect(new Set([shardId(SHARD), ...ids]).size).toBe(8);
  });

  it('is what it was before there were perturbations, where there is none', () => {
    expect(shardId(SHARD)).toBe(BEFORE);
    const read = shardSchema.parse(JSON.parse(JSON.stringify(SHARD)));
    expect(shardId(read)).toBe(BEFORE);
  });

  it('is the same whatever its policy is called and however its keys are ordered', () => {
    const renamed = { ...SHARD.acting, source: { kind: 'run', id: 'another-name' } as const };
    expect(shardId({ ...SHARD, acting: renamed })).toBe(shardId(SHARD));
    const turned = shardSchema.parse(JSON.parse(JSON.stringify(turnedRound(SHARD))));
    expect(shardId(turned)).toBe(shardId(SHARD));
  });
});

describe('the shards of a plan', () => {
  it('have each rollout of each contender once, in the order of the grid', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 70 }), (n, size) => {
        const plan = somePlan({ rollouts: n, starts: 1, shardSize: size });
        const shards = shardsOf(plan);
        for (const contender of [0, 1]) {
          const cells = shards
            .filter((shard) => shard.contender === contender)
            .flatMap(({ description }) => description.cells);
          expect(cells).toEqual(Array.from({ length: n }, (_, noise) => [0, noise]));
        }
        expect(new Set(shards.map(({ id }) => id)).size).toBe(shards.length);
      }),
      { numRuns: 30 },
    );
  });

  it('are each in one part of N, whatever N', () => {
    const shards = shardsOf(somePlan({ rollouts: 40, starts: 4 }));
    for (const count of [1, 2, 3, 7, 100]) {
      const parts = Array.from({ length: count }, (_, i) =>
        partOf(shards, { index: i + 1, count }),
      );
      expect(
        parts
          .flat()
          .map(({ index }) => index)
          .sort((a, b) => a - b),
      ).toEqual(shards.map(({ index }) => index));
    }
  });
});

describe('canonical JSON', () => {
  it('is read as the same value, and equal for equal values', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(turnedRound(value))).toBe(text);
      }),
    );
  });

  it('has no word for what is not finite', () => {
    expect(() => canonicalJson({ a: [Number.NaN] })).toThrow(RangeError);
  });
});
