import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { openSealed, sealJson } from '../../../demos/files/index.ts';

const value = { id: 'x', steps: 20, nested: { text: 'a "quoted" }', list: [1, 2] } };

it('is JSON, of the same value and the digest of that value as text', () => {
  const { sha256, ...rest } = JSON.parse(sealJson(value));
  expect(rest).toEqual(value);
  expect(sha256).toBe(
    createHash('sha256')
      .update(JSON.stringify(value, null, 2))
      .digest('hex'),
  );
});

it('gives back what was sealed', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { minKeys: 1 }), (any) => {
      fc.pre(!('sha256' in any));
      const text = JSON.stringify(any, null, 2);
      expect(openSealed(sealJson(any))).toEqual({ text, sealed: true });
    }),
  );
});

it('shows every change of a byte', () => {
  const bytes = Buffer.from(sealJson(value));
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
      const changed = Buffer.from(bytes);
      changed[at] ^= change;
      const opened = openSealed(changed.toString('utf8'));
      if (!opened) return;
      // Where the change took the seal for something else, no reader takes it for a key it knows.
      expect(opened.sealed).toBe(false);
      expect(() => {
        const keys = Object.keys(JSON.parse(opened.text));
        if (keys.some((key) => !(key in value))) throw new SyntaxError('an unknown key');
      }).toThrow(SyntaxError);
    }),
  );
});

it('passes on what has no seal, as earlier versions wrote it', () => {
  const text = JSON.stringify(value, null, 2);
  expect(openSealed(text)).toEqual({ text, sealed: false });
});
