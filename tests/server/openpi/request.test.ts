import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeTrained } from '../../../policies/network-policy.ts';
import { encode, type Sendable } from '../../../server/openpi/codec.ts';
import { floats } from '../../../server/openpi/numpy.ts';
import { observationsOf, readRequest } from '../../../server/openpi/request.ts';
import { ProtocolError } from '../../../server/protocol/errors.ts';
import { malformed } from '../../support/malformed.ts';
import { SCRIPTED_POLICY, SCRIPTED_READER } from '../../support/scripted-policy.ts';

const POLICY = describeTrained(SCRIPTED_POLICY);
const READER = describeTrained(SCRIPTED_READER);
const { predHorizon } = POLICY;

const counting = (length: number) => Float32Array.from({ length }, (_, i) => i);
const ROW = {
  'observation.state': floats(counting(16), [2, 8]),
  'observation.environment_state': floats(counting(12), [2, 6]),
};
/** Of one step after the other: state, then environment. */
const READ = Float32Array.from([
  ...[0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5],
  ...[8, 9, 10, 11, 12, 13, 14, 15, 6, 7, 8, 9, 10, 11],
]);
const read = (request: Sendable, policy = POLICY) => readRequest(encode(request), policy, 25);

describe('a request', () => {
  it('of one row has the observations of all steps', () => {
    expect(read({ ...ROW, prompt: 'not read', more: 1 })).toEqual({
      rows: 1,
      single: true,
      observation: READ,
      images: null,
      instructions: [],
      noise: null,
      seeds: null,
    });
    expect(observationsOf(POLICY)).toEqual({
      'observation.state': [2, 8],
      'observation.environment_state': [2, 6],
    });
  });

  it('of one step has it stand for all', () => {
    const { observation } = read({
      'observation.state': { dtype: '<f8', shape: [8], data: Float64Array.from(counting(8)) },
      'observation.environment_state': floats(counting(6), [6]),
    });
    const step = [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5];
    expect([...observation]).toEqual([...step, ...step]);
  });

  it('of several rows has each', () => {
    const twice = (values: Float32Array) => Float32Array.from([...values, ...values]);
    const noise = counting(2 * predHorizon * 8);
    const request = read({
      'observation.state': floats(twice(counting(16)), [2, 2, 8]),
      'observation.environment_state': floats(twice(counting(12)), [2, 2, 6]),
      'fp/noise': floats(noise, [2, predHorizon, 8]),
      'fp/seed': [4, 5],
    });
    expect(request).toMatchObject({ rows: 2, single: false, noise, seeds: [4, 5] });
    expect(request.observation).toEqual(twice(READ));
  });

  it('says something to a policy that reads, and nothing to others', () => {
    const environment = floats(new Float32Array(18), [2, 9]);
    const asked = { ...ROW, 'observation.environment_state': environment };
    expect(read({ ...asked, prompt: 'the red apple' }, READER).instructions).toEqual([
      'the red apple',
    ]);
    expect(read(asked, READER).instructions).toEqual(['']);
    expect(() => read({ ...asked, prompt: 'x'.repeat(201) }, READER)).toThrow(/at most 200/);
    expect(() => read({ ...asked, prompt: 5 }, READER)).toThrow(/prompt: expected text/);
  });

  it('shows a policy with a camera its picture', () => {
    const seeing = {
      ...POLICY,
      observationDim: 8,
      abilities: { ...POLICY.abilities, picture: 16 },
    };
    const data = new Uint8Array(3 * 16 * 16).fill(7);
    const picture = { dtype: '|u1', shape: [16, 16, 3], data } as const;
    const state = ROW['observation.state'];
    const asked = { 'observation.state': state, 'observation.images.front': picture };
    expect(read(asked, seeing).images).toEqual(data);
    const floating = floats(new Float32Array(3 * 16 * 16), [16, 16, 3]);
    expect(() => read({ ...asked, 'observation.images.front': floating }, seeing)).toThrow(/uint8/);
  });

  it.each<[string, Sendable, RegExp]>([
    ['without a state', {}, /observation.state: expected an array \[2, 8\] or \[8\], got nothing/],
    ['of a list', [1], /a map of observations, got a list/],
    [
      'of another arm',
      { ...ROW, 'observation.state': floats(counting(14), [2, 7]) },
      /got \[2, 7\]/,
    ],
    [
      'with a NaN',
      { ...ROW, 'observation.state': floats(new Float32Array(16).fill(Number.NaN), [2, 8]) },
      /finite numbers, got NaN at 0/,
    ],
    [
      'of too many rows',
      { 'observation.state': floats(counting(26 * 16), [26, 2, 8]) },
      /1 to 25 rows, got 26/,
    ],
    ['of no rows', { 'observation.state': floats(counting(0), [0, 2, 8]) }, /1 to 25 rows, got 0/],
    [
      'with noise of another length',
      { ...ROW, 'fp/noise': floats(counting(8), [1, 8]) },
      /fp\/noise: expected an array \[32, 8\]/,
    ],
    ['with a seed that is none', { ...ROW, 'fp/seed': -1 }, /fp\/seed: expected a whole number/],
  ])('%s is refused', (_, request, message) => {
    expect(() => read(request)).toThrow(message);
  });
});

it('of 10,000 malformed requests reads or refuses each, and throws nothing else', () => {
  let refused = 0;
  fc.assert(
    fc.property(malformed(encode({ ...ROW, 'fp/seed': 3 })), (frame) => {
      try {
        readRequest(frame, POLICY, 25);
      } catch (error) {
        if (!(error instanceof ProtocolError) || error.code !== 'invalid-request') throw error;
        refused++;
      }
    }),
    { seed: 9, numRuns: 10_000 },
  );
  expect(refused).toBeGreaterThan(5000);
});
