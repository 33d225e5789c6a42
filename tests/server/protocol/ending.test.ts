import fc from 'fast-check';
import { expect, it } from 'vitest';
import { packEnding, unpackEnding } from '../../../server/protocol/ending.ts';
import { ReplayHash } from '../../../sim/replay-hash.ts';

it('how an attempt ended arrives as it was sent, every digit of its hash', () => {
  const hashes = fc.array(fc.float({ noNaN: true }), { maxLength: 3 }).map((numbers) => {
    const hash = new ReplayHash();
    for (const number of numbers) hash.add(number);
    return hash.digest;
  });
  const steps = fc.nat({ max: 4000 });
  fc.assert(
    fc.property(fc.record({ steps, hash: hashes, assisted: fc.boolean() }), (ending) => {
      expect(unpackEnding(packEnding(ending))).toEqual(ending);
    }),
  );
});

it.each([
  ['nothing', null],
  ['too little', new Float32Array(5)],
  ['no digits', Float32Array.from([3, 0, 1, 2, 3, 0.5])],
])('%s is no such answer', (_, packed) => {
  expect(unpackEnding(packed)).toBeNull();
});
