import { readFile, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LOWERED } from '../../../policies/engine/trace/lowering.ts';
import { trace } from '../../../policies/engine/trace/trace.ts';
import { ENGINES, randomInputs, relativeError, runOn } from '../../support/engines.ts';
import { centralDifferences } from './oracle/differences.ts';
import { describeRows, type Measured, withoutErrors } from './oracle/document.ts';
import {
  differentiable,
  drawInputs,
  floatsOf,
  gradientName,
  gradientsOf,
  kernelsOf,
  runsOf,
  specsOf,
  valuesOf,
} from './oracle/examples.ts';
import { interpret } from './oracle/interpret.ts';
import { type Example, LOWERING_ROWS, type LoweringRow, titleOf } from './oracle/lowerings.ts';

const engines = await Promise.all(
  ENGINES.map(async ([name, create]) => [name, await create()] as const),
);

/** In float64 only the constants that a graph holds in f32 part a gradient from its differences. */
const DIFFERENCES_TOLERANCE = 1e-6;

const enginesOf = ({ ourWay = false }: LoweringRow) =>
  engines.filter(([name]) => !ourWay || name !== 'eager cpu');

const rows = LOWERING_ROWS.map((row) => [titleOf(row), row] as const);
const seeds = fc.nat(1_000_000);

/** Runs `check` on a row's examples, always the same ones. */
function everyExample(
  row: LoweringRow,
  check: (example: Example, seed: number) => Promise<void>,
): Promise<void> {
  return fc.assert(fc.asyncProperty(row.examples, seeds, check), runsOf(row));
}

const worst = new Map<LoweringRow, Measured>();

/** Checks an engine's numbers against the oracle's, and remembers the largest error. */
function compare(
  row: LoweringRow,
  kind: keyof Measured,
  engine: string,
  actual: Readonly<Record<string, ArrayLike<number>>>,
  expected: Readonly<Record<string, ArrayLike<number>>>,
): void {
  expect(Object.keys(actual)).toEqual(Object.keys(expected));
  for (const [name, values] of Object.entries(expected)) {
    const error = relativeError(actual[name], values);
    expect(error, `${engine}: ${name}`).toBeLessThanOrEqual(row[kind] ?? 0);
    if (engine !== 'compiled') continue;
    const so = worst.get(row) ?? { tolerance: 0, gradient: 0 };
    worst.set(row, { ...so, [kind]: Math.max(so[kind], error) });
  }
}

describe('a lowering', () => {
  it('has a row in the table, and only a lowering has', () => {
    const promised = new Set(LOWERING_ROWS.map(({ kernel }) => kernel));
    expect([...promised].sort()).toEqual([...LOWERED].sort());
  });

  it.each(rows)('is what the row of %s runs', async (_, row) => {
    const [example] = fc.sample(row.examples, { ...runsOf(row), numRuns: 1 });
    const kernels = await kernelsOf(example);
    expect(kernels).toContain(row.kernel);
    expect([row.kernel, ...(row.also ?? [])]).toEqual(expect.arrayContaining(kernels));
  });
});

describe('in f32 every engine computes what the traced graph says in float64:', () => {
  it.each(rows)('%s', async (_, row) => {
    await everyExample(row, async (example, seed) => {
      const specs = specsOf(example);
      const fn = floatsOf(example);
      const inputs = drawInputs(example, seed);
      const expected = interpret(await trace(fn, specs), inputs);
      for (const [name, engine] of enginesOf(row)) {
        compare(row, 'tolerance', name, await runOn(engine, fn, specs, inputs), expected);
      }
    });
  });
});

describe('the gradient is what differences in float64 say, on every engine:', () => {
  it.each(rows.filter(([, { gradient }]) => gradient !== null))('%s', async (_, row) => {
    await everyExample(row, async (example, seed) => {
      const { specs, fn, values, weights } = await differentiate(example, seed);
      const inputs = drawInputs(example, seed);
      const given = { ...inputs, ...weights };
      const expected = interpret(await trace(fn, specs), given);
      for (const name of differentiable(example)) {
        const differences = centralDifferences(values, inputs, weights, {
          name,
          count: row.places ?? 24,
        });
        const traced = differences.map(([place]) => expected[gradientName(name)][place]);
        const wanted = differences.map(([, derivative]) => derivative);
        expect(relativeError(traced, wanted), name).toBeLessThan(DIFFERENCES_TOLERANCE);
      }
      for (const [name, engine] of enginesOf(row)) {
        compare(row, 'gradient', name, await runOn(engine, fn, specs, given), expected);
      }
    });
  });

  it.each(rows.filter(([, { gradient }]) => gradient === null))('%s has none', async (_, row) => {
    await everyExample(row, async (example, seed) => {
      const { outputs } = await trace(valuesOf(example), specsOf(example));
      const floating = outputs.every(({ value }) => value.dtype === 'float32');
      if (!floating || differentiable(example).length === 0) return;
      const { specs, fn } = await differentiate(example, seed);
      await expect(trace(fn, specs)).rejects.toThrow();
    });
  });
});

/** The gradient of Σ weight·y as a function, and the graph of y itself. */
async function differentiate(example: Example, seed: number) {
  const values = await trace(valuesOf(example), specsOf(example));
  const weights = values.outputs.map(({ name, value: { shape } }) => ({ name, shape }));
  return {
    values,
    fn: gradientsOf(example),
    specs: [...specsOf(example), ...weights],
    weights: randomInputs(weights, seed),
  };
}

const DOCUMENT = new URL('../../../docs/operators.md', import.meta.url);

describe('docs/operators.md', () => {
  it('lists every lowering and what is promised of it', async () => {
    if (process.env.RECORD === 'operators') await writeFile(DOCUMENT, await describeRows(worst));
    const text = await readFile(DOCUMENT, 'utf8');
    expect(withoutErrors(text)).toBe(withoutErrors(await describeRows(worst)));
  });
});
