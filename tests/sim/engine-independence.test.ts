import { describe, expect, it } from 'vitest';
import { codeOf, sourcesIn } from '../support/sources.ts';

/** What IEEE 754 and ECMAScript fix to the last bit. */
const EXACT = new Set([
  ...['abs', 'ceil', 'clz32', 'floor', 'fround', 'imul', 'max', 'min', 'round', 'sign', 'sqrt'],
  ...['trunc', 'PI', 'SQRT1_2', 'SQRT2'],
]);

/** What in a piece of code may give other bits in another JavaScript engine. */
function engineDependent(code: string): string[] {
  const found: string[] = [];
  for (const [whole, , member] of code.matchAll(/\bMath\b(\s*\??\.\s*(\w+))?/g)) {
    if (!member || !EXACT.has(member)) found.push(whole);
  }
  for (const [whole, base, exponent] of code.matchAll(/([\w.\])]+)\s*\*\*=?\s*([-\w.([]+)/g)) {
    if (!/^\d+$/.test(base) || !/^\d+$/.test(exponent)) found.push(whole);
  }
  for (const [whole] of code.matchAll(/\b(Date|performance|crypto|Intl|toLocale\w+)\b/g)) {
    found.push(whole);
  }
  return found;
}

describe('the sources of the simulator', () => {
  const sources = sourcesIn('sim');

  it('are all looked at', () => {
    expect(sources.length).toBeGreaterThan(10);
    expect(sources.map(({ path }) => path)).toContain('sim/math/trig.ts');
  });

  it.each(sources.map(({ path, text }) => [path, text]))(
    '%s computes the same in every engine',
    (_, text) => {
      expect(engineDependent(codeOf(text))).toEqual([]);
    },
  );
});

describe('the search for engine-dependent code', () => {
  it.each([
    'const y = Math.sin(x);',
    'const y = Math . atan2(1, x);',
    'const y = Math?.exp(x);',
    'const { cos } = Math;',
    "const y = Math['log'](x);",
    'values.map(Math.cbrt)',
    'const y = x ** 0.5;',
    'const y = 2 ** exponent;',
    'y **= 1.5;',
    'const y = (a + b) ** 2;',
    'const now = Date.now();',
    'const y = Math.random();',
  ])('finds %s', (code) => {
    expect(engineDependent(codeOf(code))).toHaveLength(1);
  });

  it.each([
    'const y = Math.sqrt(x) + Math.PI;',
    'const half = 2 ** 30;',
    '// Math.sin is not used here',
    '/** as Math.sin(x), x ** 0.5 */',
    "throw new Error('use sin, not Math.sin');",
    'import { sin } from "./trig.ts"; const y = sin(x);',
  ])('leaves %s alone', (code) => {
    expect(engineDependent(codeOf(code))).toEqual([]);
  });
});
