import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BALL_PLACES, ballPlace } from '../../../client/ball-bounds.ts';
import { LANES } from '../../../client/lanes.ts';
import { choiceOf } from '../../../client/state/drawing.ts';
import { SPEEDS } from '../../../client/state/settings.ts';
import {
  CAMERAS,
  DEFAULT_URL,
  decodeUrl,
  encodeUrl,
  LANGUAGES,
  LEFT_TABS,
  RIGHT_TABS,
  type UrlState,
} from '../../../client/state/url.ts';
import { POLICY_NAMES, REGISTRY, SAMPLERS } from '../../../policies/spec/index.ts';
import type { Lane } from '../../../server/protocol/index.ts';
import { leftRight } from '../../../sim/tasks/left-right.ts';

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const shipped: fc.Arbitrary<Lane> = fc
  .constantFrom(
    ...REGISTRY.flatMap((entry) => entry.samplers.map((each) => ({ ...entry, ...each }))),
  )
  .chain(({ name, objective, kind, nfe: { least, most, step } }) =>
    fc
      .integer({ min: 0, max: Math.floor((most - least) / step) })
      .map((n) => choiceOf({ kind: 'shipped', name }, objective, kind, least + n * step)),
  );
const run: fc.Arbitrary<Lane> = fc
  .record({
    id: fc
      .stringMatching(/^[a-z0-9][a-z0-9_-]{0,40}$/)
      .filter((id) => !POLICY_NAMES.some((name) => name === id)),
    sampler: fc.option(fc.constantFrom(...Object.values(SAMPLERS).flat()), { nil: undefined }),
    nfe: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
  })
  .map(({ id, sampler, nfe }) => ({
    policy: { kind: 'run', id },
    ...(sampler && { sampler, ...(nfe && { nfe }) }),
  }));
const lane = fc.oneof(shipped, run);
const place = fc
  .tuple(
    fc.double({ min: 0.5, max: 0.9, noNaN: true }),
    fc.double({ min: -0.2, max: 0.2, noNaN: true }),
  )
  .map(([x, y]) => ballPlace(x, y));

const states: fc.Arbitrary<UrlState> = fc.record({
  tab: orNull(fc.constantFrom(...LEFT_TABS)),
  side: orNull(fc.constantFrom(...RIGHT_TABS)),
  camera: fc.constantFrom(...CAMERAS),
  focus: orNull(fc.constantFrom(...LANES)),
  seed: fc.integer({ min: 0, max: 16_383 }),
  episode: fc.integer({ min: 0, max: 65_535 }),
  actionHorizon: orNull(fc.integer({ min: 1, max: 128 })),
  lanes: fc.record({ '1': lane, '2': lane, '3': lane }),
  object: orNull(place),
  speed: fc.constantFrom(...SPEEDS),
  language: orNull(fc.constantFrom(...LANGUAGES)),
});

describe('the address', () => {
  it('brings back every state', () => {
    fc.assert(
      fc.property(states, (state) => {
        expect(decodeUrl(`#${encodeUrl(state)}`)).toEqual(state);
      }),
    );
  });

  it('names who acts as `compare --policies` takes it, to be read by people', () => {
    const policies = 'reflow,diffusion:ddpm,my-run-1:heun:5';
    const { lanes } = decodeUrl(`#policies=${policies}`);
    expect(lanes).toEqual({
      '1': { policy: { kind: 'shipped', name: 'reflow' } },
      '2': { policy: { kind: 'shipped', name: 'diffusion' }, sampler: 'ddpm' },
      '3': { policy: { kind: 'run', id: 'my-run-1' }, sampler: 'heun', nfe: 5 },
    });
    expect(encodeUrl({ ...DEFAULT_URL, lanes })).toBe(`policies=${policies}`);
  });

  it('keeps a policy whose sampler it cannot have, drawn as usual', () => {
    expect(decodeUrl('#policies=flow:ddim:4').lanes['1']).toEqual({
      policy: { kind: 'shipped', name: 'flow' },
    });
  });

  it('says nothing of a first visit', () => {
    expect(encodeUrl(DEFAULT_URL)).toBe('');
    expect(decodeUrl('')).toEqual(DEFAULT_URL);
  });

  it('may say anything and gives a state all the same', () => {
    fc.assert(
      fc.property(fc.string(), fc.webQueryParameters(), (any, query) => {
        for (const hash of [any, `#${query}`]) {
          const state = decodeUrl(hash);
          expect(decodeUrl(encodeUrl(state))).toEqual(state);
        }
      }),
    );
  });

  it.each([
    ['ta=0', 'actionHorizon'],
    ['ta=129', 'actionHorizon'],
    ['ta=1e2', 'actionHorizon'],
    ['seed=-1', 'seed'],
    ['seed=16384', 'seed'],
    ['episode=1.5', 'episode'],
    ['policies=../../etc', 'lanes'],
    ['policies=,,,', 'lanes'],
    ['policies=l2:euler,diffusion:euler:4,flow:heun:4', 'lanes'],
    ['policies=l2,diffusion:ddim:101,flow:euler:0', 'lanes'],
    ['ball=,', 'object'],
    ['ball=1', 'object'],
    ['speed=100', 'speed'],
    ['speed=8', 'speed'],
    ['speed=0.3', 'speed'],
    ['speed=x', 'speed'],
    ['tab=nowhere', 'tab'],
  ] as const)('is not believed when it says %s', (hash, key) => {
    expect(decodeUrl(hash)[key]).toEqual(DEFAULT_URL[key]);
  });
});

describe('a place of the ball', () => {
  it('is one that the task takes, rounded to f32 as it will be', () => {
    const start = leftRight.sampleInitialState(1);
    for (const x of [...BALL_PLACES.x, -1, 2, 0.66]) {
      for (const y of [...BALL_PLACES.y, -1, 2, 0]) {
        const [ballX, ballY] = ballPlace(x, y).map(Math.fround);
        const objects = [[ballX, ballY, start.objects[0][2]] as const];
        expect(() => leftRight.validateInitialState({ ...start, objects })).not.toThrow();
      }
    }
  });
});
