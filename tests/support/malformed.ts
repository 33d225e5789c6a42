import fc from 'fast-check';

/** A frame with bytes changed, cut off, repeated, in front of others, or noise alone. */
export function malformed(frame: Uint8Array): fc.Arbitrary<Uint8Array> {
  const whole = Buffer.from(frame);
  return fc
    .record({
      kind: fc.constantFrom('change', 'cut', 'repeat', 'noise', 'front'),
      at: fc.nat(frame.length - 1),
      size: fc.integer({ min: 1, max: 40 }),
      value: fc.nat(255),
      noise: fc.uint8Array({ maxLength: 60 }),
    })
    .map(({ kind, at, size, value, noise }) => {
      const changed = Buffer.from(whole);
      changed[at] = value;
      const frames = {
        change: changed,
        cut: whole.subarray(0, at),
        repeat: Buffer.concat([whole.subarray(0, at), whole.subarray(Math.max(0, at - size))]),
        noise: Buffer.from(noise),
        front: Buffer.concat([noise, whole.subarray(at)]),
      };
      return frames[kind];
    });
}
