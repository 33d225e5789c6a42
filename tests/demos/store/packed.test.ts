import { describe, expect, it } from 'vitest';
import {
  packDemonstration,
  packedSchema,
  unpackDemonstration,
} from '../../../demos/store/index.ts';
import { PAIR } from '../../support/pair.ts';

const [first] = PAIR;

describe('a packed demonstration', () => {
  it('unpacks to the same bits, once it was JSON', () => {
    const command = first.command.slice();
    command[0] = -0;
    const initial = { ...first.initial, gripperOpening: -0 };
    const demonstration = { ...first, command, initial };
    const text = JSON.stringify(packDemonstration(demonstration));
    const unpacked = unpackDemonstration(packedSchema.parse(JSON.parse(text)));
    expect(unpacked).toEqual(demonstration);
    expect(Object.is(unpacked.command[0], -0)).toBe(true);
    expect(Object.is(unpacked.initial.gripperOpening, -0)).toBe(true);
  });

  it.each<[string, Partial<ReturnType<typeof packDemonstration>>, string]>([
    ['facts that are no JSON', { facts: '{' }, 'expected JSON of its facts'],
    ['facts of something else', { facts: '{"a":1}' }, 'expected the facts of an episode'],
  ])('is refused with %s', (_, change, message) => {
    const packed = { ...packDemonstration(first), ...change };
    expect(() => unpackDemonstration(packed)).toThrow(message);
  });

  it('is refused with numbers that are cut off', () => {
    const packed = packDemonstration(first);
    const frames = { ...packed.frames, action: Buffer.alloc(6).toString('base64') };
    expect(() => unpackDemonstration({ ...packed, frames })).toThrow('in action, got 6 bytes');
  });
});
