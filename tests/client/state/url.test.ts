import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BALL_PLACES, ballPlace } from '../../../client/ball-bounds.ts';
import { LANES } from '../../../client/lanes.ts';
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
import { leftRight } from '../../../sim/tasks/left-right.ts';

const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const nfe = orNull(fc.integer({ min: 1, max: 1000 }));
const run = orNull(fc.stringMatching(/^[a-z0-9][a-z0-9_-]{0,40}$/));
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
  nfe: fc.record({ l2: fc.constant(null), diffusion: nfe, flow: nfe }),
  runs: fc.record({ l2: run, diffusion: run, flow: run }),
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
    ['flow=../../etc', 'runs'],
    ['nfe-flow=0', 'nfe'],
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
