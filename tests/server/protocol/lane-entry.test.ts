import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatLaneEntry,
  type Lane,
  sourceNamed,
  splitLaneEntry,
} from '../../../server/protocol/index.ts';
import { METHOD_NAMES } from '../../../server/protocol/policies.ts';

const names = fc.oneof(
  fc.constantFrom(...METHOD_NAMES),
  fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,63}$/),
);
const samplers = fc.constantFrom('ddim', 'ddpm', 'dpm-solver++', 'euler', 'heun', 'one-step');

describe('an entry', () => {
  it('names what was written, whatever lane that is', () => {
    fc.assert(
      fc.property(
        names,
        fc.option(samplers, { nil: undefined }),
        fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
        (name, sampler, nfe) => {
          const policy = sourceNamed(name);
          if (!policy) throw new Error(`expected ${name} to name a policy`);
          const parts = { ...(sampler && { sampler }), ...(sampler && nfe && { nfe }) };
          const lane: Lane = { policy, ...parts };
          expect(splitLaneEntry(formatLaneEntry(lane))).toEqual({ name, ...parts });
        },
      ),
    );
  });

  it.each(['flow:euler:4:5', 'flow:euler:x', 'flow:euler:12345', 'flow:', ':euler:'])(
    'is not %j',
    (text) => {
      expect(splitLaneEntry(text)).toBeNull();
    },
  );

  it('that is the path of a checkpoint is the name alone', () => {
    const directory = 'lerobot:C:\\trained:ddim:4';
    expect(splitLaneEntry(directory)).toEqual({ name: directory });
    expect(splitLaneEntry('onnx:flow.onnx')).toEqual({ name: 'onnx:flow.onnx' });
    expect(formatLaneEntry({ policy: { kind: 'lerobot', directory } })).toBe(directory);
  });

  it.each(['ws://127.0.0.1:8000', 'wss://[::1]:8000/policy'])(
    'that is an address is the name alone: %s',
    (url) => {
      expect(splitLaneEntry(url)).toEqual({ name: url });
      expect(formatLaneEntry({ policy: { kind: 'server', url } })).toBe(url);
    },
  );
});
