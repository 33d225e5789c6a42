import fc from 'fast-check';
import { expect, it } from 'vitest';
import { jsonSize } from '../../../server/protocol/index.ts';

it('is the length of the text that is sent', () => {
  const text = fc.stringMatching(/^[a-z0-9 ü机]*$/);
  const plain = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 5 },
      text,
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => !Object.is(n, -0)),
      fc.boolean(),
      fc.constant(null),
      fc.array(tie('value')),
      fc.dictionary(text, tie('value')),
    ),
  }));
  fc.assert(
    fc.property(plain.value, (value) => {
      expect(jsonSize(value, Number.POSITIVE_INFINITY)).toBe(JSON.stringify(value).length);
    }),
  );
});

it('says no more than that a value is too long, however long it is', () => {
  const shared = { list: Array(1000).fill('x'.repeat(100)) };
  // A billion texts, were anybody to look at all of them.
  const large = Array(1000).fill(Array(1000).fill(shared));
  expect(jsonSize(large, 10_000)).toBeGreaterThan(10_000);
  expect(jsonSize(Array(1_000_000).fill(0), 10_000)).toBeGreaterThan(10_000);
});

it('counts bytes as themselves, whatever view of them there is', () => {
  const bytes = Buffer.from(new Float32Array(1000).buffer);
  expect(jsonSize(bytes, Number.POSITIVE_INFINITY)).toBe(4000);
  expect(jsonSize({ packed: bytes }, Number.POSITIVE_INFINITY)).toBe(4000 + 11);
});
