import { describe, expect, it } from 'vitest';
import { findExcess } from '../../../server/net/plain-value.ts';

function nested(depth: number): unknown {
  let value: unknown = 0;
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { value };
  return value;
}

describe('a request', () => {
  it.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 7],
    ['a text', 'hello'],
    ['lists and objects', { lanes: [{ policy: { kind: 'run', id: 'a' } }], seed: 0 }],
    ['twelve levels', nested(12)],
    ['999 numbers', Array(999).fill(0)],
  ])('of %s is looked at by its schema', (_, value) => {
    expect(findExcess(value)).toBeNull();
  });

  it.each<[string, unknown, RegExp]>([
    ['bytes', Buffer.alloc(250_000), /got bytes/],
    ['bytes within', { lanes: [{ policy: new Uint8Array(8) }] }, /got bytes/],
    ['a buffer', new ArrayBuffer(8), /got bytes/],
    ['a thousand numbers', Array(1000).fill(0), /at most 1000 values/],
    ['a million numbers', Array(1_000_000).fill(0), /at most 1000 values/],
    ['many lists', Array(40).fill(Array(40).fill(0)), /at most 1000 values/],
    [
      '25,000 unknown keys',
      Object.fromEntries(Array.from({ length: 25_000 }, (_, i) => [`k${i}`, 0])),
      /at most 1000 values/,
    ],
    ['thirteen levels', nested(13), /at most 12 levels/],
    ['60,000 levels', nested(60_000), /at most 12 levels/],
    ['a long text', 'x'.repeat(20_000), /characters of text/],
    ['long texts together', Array(20).fill('x'.repeat(1000)), /characters of text/],
    ['a long key', { ['x'.repeat(20_000)]: 0 }, /characters of text/],
  ])('of %s is refused before its schema is asked', (_, value, why) => {
    expect(findExcess(value)).toMatch(why);
  });

  it('with a prototype of its own making is looked at like any other', () => {
    expect(findExcess(JSON.parse('{"__proto__":{"a":1},"constructor":1}'))).toBeNull();
  });
});
