import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  AnswerError,
  checkChunk,
  readAnswer,
  sayTraceback,
} from '../../../server/openpi/answer.ts';
import { encode } from '../../../server/openpi/codec.ts';
import { floats } from '../../../server/openpi/numpy.ts';
import { malformed } from '../../support/malformed.ts';
import { HOLD } from '../../support/simulation.ts';

const chunk = Float32Array.from([...HOLD, ...HOLD]);

it('reads actions of any numbers, and what the server says of its time', () => {
  const actions = { dtype: '<f8', shape: [2, 8], data: Float64Array.from(chunk) } as const;
  const frame = encode({ actions, server_timing: { infer_ms: 4.5 }, more: 'ignored' });
  expect(readAnswer(frame, { rows: null, horizon: 2 })).toEqual({
    actions: chunk,
    horizon: 2,
    inferMs: 4.5,
  });
  expect(readAnswer(frame, { rows: null, horizon: null }).horizon).toBe(2);
  const odd = encode({ actions: floats(chunk, [2, 8]), server_timing: { infer_ms: Number.NaN } });
  expect(readAnswer(odd, { rows: null, horizon: 2 }).inferMs).toBeNull();
});

it.each([
  ['none', [0, 8], /1 to 128 a plan, got 0/],
  ['129', [129, 8], /1 to 128 a plan, got 129/],
])('refuses a plan of %s', (_, shape, message) => {
  const frame = encode({ actions: floats(new Float32Array(8 * shape[0]), shape) });
  expect(() => readAnswer(frame, { rows: null, horizon: null })).toThrow(message);
});

it('lets a target miss a limit by what networks miss, and no more', () => {
  const near = Float32Array.from(HOLD);
  near[0] = 2.8973 + 0.19;
  near[7] = -0.019;
  expect(() => checkChunk(near)).not.toThrow();
  const far = Float32Array.from([...HOLD, ...HOLD]);
  far[15] = 0.11;
  expect(() => checkChunk(far)).toThrow(/0 to 0.08 m for the gripper, got 0.1\d+ in row 1/);
});

it('says of a traceback what went wrong', () => {
  expect(
    sayTraceback('Traceback (most recent call last):\n  File "a"\nKeyError: \'state\'\n'),
  ).toBe("KeyError: 'state'");
  expect(sayTraceback('')).toBe('nothing');
  expect(sayTraceback('x'.repeat(1e6))).toHaveLength(300);
});

it('of 10,000 malformed answers takes or refuses each, and throws nothing else', () => {
  const frame = encode({ actions: floats(chunk, [2, 8]), server_timing: { infer_ms: 1 } });
  let refused = 0;
  fc.assert(
    fc.property(malformed(frame), (sent) => {
      try {
        checkChunk(readAnswer(sent, { rows: null, horizon: 2 }).actions);
      } catch (error) {
        if (!(error instanceof AnswerError)) throw error;
        if (error.message.length > 500) throw error;
        refused++;
      }
    }),
    { seed: 4, numRuns: 10_000 },
  );
  expect(refused).toBeGreaterThan(5000);
});
