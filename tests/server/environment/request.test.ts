import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readEnvironmentRequest } from '../../../server/environment/request.ts';
import { encode, type Sendable } from '../../../server/openpi/codec.ts';
import { floats } from '../../../server/openpi/numpy.ts';
import { ProtocolError } from '../../../server/protocol/errors.ts';
import { findTask } from '../../../sim/index.ts';
import { malformed } from '../../support/malformed.ts';

const BALL = findTask('left-right');
const COLOUR = findTask('left-right-colour');
const read = (request: Sendable, task = BALL) => readEnvironmentRequest(encode(request), task);
const actions = (...shape: number[]) =>
  floats(new Float32Array(shape.reduce((product, size) => product * size, 1)), shape);

describe('a reset', () => {
  it('begins at numbered starts, and sees what is now', () => {
    expect(read({ op: 'reset', starts: [3, 4] })).toEqual({
      op: 'reset',
      seed: 0,
      starts: [3, 4],
      instructions: null,
      worlds: null,
      seeing: { obsHorizon: null, picture: null },
    });
  });

  it('may say how much is seen, and what the robot is told', () => {
    const asked = { op: 'reset', starts: [1], seed: 7, obs_horizon: 2, picture: 64 };
    expect(read({ ...asked, instructions: ['the red apple'] }, COLOUR)).toMatchObject({
      seed: 7,
      instructions: ['the red apple'],
      seeing: { obsHorizon: 2, picture: 64 },
    });
  });

  it('may be of some worlds', () => {
    expect(read({ op: 'reset', starts: [9], worlds: [1] })).toMatchObject({ worlds: [1] });
  });
});

describe('a step', () => {
  it('of one row moves each world by a control step', () => {
    expect(read({ op: 'step', actions: actions(2, 8) })).toEqual({
      ...{ op: 'step', actions: new Float32Array(16), worlds: 2, rows: 1, execute: 1, only: null },
    });
  });

  it('of a plan carries out as much of it as is asked for', () => {
    const asked = { op: 'step', actions: actions(1, 32, 8), execute: 20, worlds: [4] };
    expect(read(asked)).toMatchObject({ worlds: 1, rows: 32, execute: 20, only: [4] });
  });

  it('takes numbers of any type', () => {
    const data = Float64Array.from({ length: 8 }, () => 0.1);
    const step = read({ op: 'step', actions: { dtype: '<f8', shape: [1, 8], data } });
    expect(step).toMatchObject({ actions: Float32Array.from(data) });
  });
});

it.each<[string, Sendable, RegExp]>([
  ['that is no map', [1], /a map of "op" and what that takes, got a list/],
  ['for nothing that there is', { op: 'fly' }, /op/],
  ['with what nobody reads', { op: 'reset', starts: [0], start: 1 }, /start/],
  ['for no starts', { op: 'reset', starts: [] }, /starts/],
  ['for 65 worlds', { op: 'reset', starts: new Array(65).fill(0) }, /starts/],
  ['for a start that none is', { op: 'reset', starts: [65_536] }, /starts\[0\]/],
  ['for half a start', { op: 'reset', starts: [0.5] }, /starts\[0\]/],
  [
    'that tells a robot without a language',
    { op: 'reset', starts: [0], instructions: ['a'] },
    /no language/,
  ],
  [
    'for fewer worlds than starts',
    { op: 'reset', starts: [0, 1], worlds: [0] },
    /one a start, 2, got 1/,
  ],
  ['for a world twice', { op: 'reset', starts: [0, 1], worlds: [0, 0] }, /each world once/],
  [
    'that changes what some worlds see',
    { op: 'reset', starts: [0], worlds: [0], picture: 64 },
    /picture/,
  ],
  [
    'for more pixels than fit',
    { op: 'reset', starts: new Array(64).fill(0), picture: 512 },
    /pixels/,
  ],
  ['to step without actions', { op: 'step' }, /actions: expected an array/],
  ['to step by numbers in a list', { op: 'step', actions: [0, 1] }, /actions: expected an array/],
  ['to step another arm', { op: 'step', actions: actions(1, 7) }, /got \[1, 7\]/],
  ['to step no world', { op: 'step', actions: actions(0, 8) }, /1 to 64 worlds/],
  ['to step too far', { op: 'step', actions: actions(1, 129, 8) }, /1 to 128 rows/],
  ['to do more than is planned', { op: 'step', actions: actions(1, 4, 8), execute: 5 }, /1 to 4/],
  [
    'to go nowhere',
    { op: 'step', actions: floats(new Float32Array(8).fill(Number.NaN), [1, 8]) },
    /finite numbers, got NaN at 0/,
  ],
  [
    'to step by booleans',
    { op: 'step', actions: { dtype: '|b1', shape: [1, 8], data: new Uint8Array(8) } },
    /got booleans/,
  ],
  [
    'to step some worlds by the actions of others',
    { op: 'step', actions: actions(2, 8), worlds: [0] },
    /got 1/,
  ],
])('a request %s is refused', (_, request, message) => {
  expect(() => read(request)).toThrow(message);
  expect(() => read(request)).toThrow(ProtocolError);
});

it('of 10,000 malformed requests reads or refuses each, and throws nothing else', () => {
  let refused = 0;
  const frames = fc.constantFrom<Sendable>(
    { op: 'reset', seed: 3, starts: [1, 2, 3], worlds: [0, 1, 2] },
    { op: 'step', actions: actions(2, 4, 8), execute: 2 },
  );
  fc.assert(
    fc.property(
      frames.chain((frame) => malformed(encode(frame))),
      (frame) => {
        try {
          readEnvironmentRequest(frame, BALL);
        } catch (error) {
          if (!(error instanceof ProtocolError) || error.code !== 'invalid-request') throw error;
          refused++;
        }
      },
    ),
    { seed: 11, numRuns: 10_000 },
  );
  expect(refused).toBeGreaterThan(5000);
});
