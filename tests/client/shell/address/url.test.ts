import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { choiceOf, guided, noised } from '../../../../client/shared/lanes/drawing.ts';
import { LANES } from '../../../../client/shared/lanes/lanes.ts';
import { SPEEDS } from '../../../../client/shared/lanes/settings.ts';
import { nearestPlace, type Place } from '../../../../client/shared/tasks/placing.ts';
import { canBeTold, STAGE_TASKS, taskOf } from '../../../../client/shared/tasks/stage-tasks.ts';
import { LARGEST } from '../../../../client/shell/address/bounds.ts';
import { decodeUrl } from '../../../../client/shell/address/read-url.ts';
import {
  CAMERAS,
  DEFAULT_URL,
  encodeUrl,
  LEFT_TABS,
  RIGHT_TABS,
  type UrlState,
} from '../../../../client/shell/address/url.ts';
import { LANGUAGES } from '../../../../client/texts.ts';
import {
  METHOD_NAMES,
  REGISTRY,
  SAMPLERS,
  type ShippedName,
} from '../../../../policies/config/index.ts';
import { SCHEMES } from '../../../../server/protocol/chunking.ts';
import { type Lane, LIMITS } from '../../../../server/protocol/index.ts';
import { findMethod, SHIPPED, usualSampler } from '../../../../server/protocol/policies.ts';
import { formatPerturbation, PERTURBATIONS } from '../../../../sim/index.ts';
import { isShippedMethod } from '../../../support/shipped-methods.ts';

const usualOf = (name: ShippedName) => usualSampler(findMethod(SHIPPED[name]).objective);
const orNull = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const shipped: fc.Arbitrary<Lane> = fc
  .constantFrom(
    ...REGISTRY.flatMap(({ name, objective, samplers }) =>
      isShippedMethod(name) ? samplers.map((each) => ({ name, objective, ...each })) : [],
    ),
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
      .filter((id) => !METHOD_NAMES.some((name) => name === id)),
    sampler: fc.option(fc.constantFrom(...Object.values(SAMPLERS).flat()), { nil: undefined }),
    nfe: fc.option(fc.integer({ min: 1, max: 1000 }), { nil: undefined }),
  })
  .map(({ id, sampler, nfe }) => ({
    policy: { kind: 'run', id },
    ...(sampler && { sampler, ...(nfe && { nfe }) }),
  }));
const eta = fc.integer({ min: 0, max: 1000 }).map((thousandth) => thousandth / 1000);
const lane = fc.tuple(fc.oneof(shipped, run), eta).map(([choice, noise]) => {
  const { policy, sampler } = choice;
  const kind = sampler ?? (policy.kind === 'shipped' ? usualOf(policy.name) : 'ddim');
  return kind === 'ddim' ? noised(choice, noise) : choice;
});
const spot = fc.tuple(
  fc.double({ min: 0.5, max: 0.9, noNaN: true }),
  fc.double({ min: -0.2, max: 0.2, noNaN: true }),
);
const scale = fc.integer({ min: 0, max: 200 }).map((half) => half / 2);
const guidedLane = fc.tuple(lane, scale).map(([choice, w]) => guided(choice, w));

/** As the command line writes them. */
const perturbation = fc
  .dictionary(
    fc.constantFrom(...PERTURBATIONS.map(({ name }) => name)),
    fc.double({ min: -10, max: 1000, noNaN: true }),
    { minKeys: 1, maxKeys: 4 },
  )
  .map(formatPerturbation);

const states: fc.Arbitrary<UrlState> = fc.constantFrom(...STAGE_TASKS).chain((task) => {
  const told = canBeTold(task);
  const { placing, objectNames } = taskOf(task);
  // In the task of the first visit somebody acts in each lane.
  const acts = told ? orNull(guidedLane) : lane;
  const objects = fc.tuple(...objectNames.map(() => spot)).map((spots) => {
    const placed: Place[] = [];
    for (const [x, y] of spots) placed.push(nearestPlace(placing, x, y, placed));
    return placed;
  });
  const state = fc.record({
    task: fc.constant(task),
    tab: orNull(fc.constantFrom(...LEFT_TABS)),
    side: orNull(fc.constantFrom(...RIGHT_TABS)),
    noise: fc.integer({ min: 0, max: LARGEST.noise }),
    batch: orNull(fc.integer({ min: 1, max: LARGEST.batch })),
    perturb: orNull(perturbation),
    chunking: orNull(
      fc.record({
        scheme: fc.constantFrom(...SCHEMES),
        delay: fc.integer({ min: 0, max: LIMITS.delay }),
      }),
    ),
    denoise: orNull(fc.constantFrom(...LANES)),
    camera: fc.constantFrom(...CAMERAS),
    focus: orNull(fc.constantFrom(...LANES)),
    seed: fc.integer({ min: 0, max: LARGEST.seed }),
    episode: fc.integer({ min: 0, max: 65_535 }),
    actionHorizon: orNull(fc.integer({ min: 1, max: 128 })),
    lanes: fc.record({ '1': acts, '2': acts, '3': acts }),
    objects: orNull(objects),
    instruction: told ? orNull(fc.string({ maxLength: LIMITS.instruction })) : fc.constant(null),
    speed: fc.constantFrom(...SPEEDS),
    moment: orNull(fc.integer({ min: 0, max: LARGEST.moment })),
    ghosts: fc.boolean(),
    curves: orNull(fc.constantFrom(...LANES)),
    attention: fc.boolean(),
    together: fc.boolean(),
    language: orNull(fc.constantFrom(...LANGUAGES)),
  });
  // A view is looked at only where the room of noise is open.
  return state.map((each) => ({ ...each, denoise: each.side === 'denoise' ? each.denoise : null }));
});

describe('the address', () => {
  it('brings back every state', () => {
    fc.assert(
      fc.property(states, (state) => {
        expect(decodeUrl(`#${encodeUrl(state)}`)).toEqual(state);
      }),
    );
  });

  it('says the moment at which it stands still, and that it does', () => {
    expect(encodeUrl({ ...DEFAULT_URL, moment: 34 })).toBe('t=34&paused');
    expect(decodeUrl('#t=34&paused').moment).toBe(34);
    expect(decodeUrl('#paused').moment).toBe(0);
    // Played through, as any other.
    expect(decodeUrl('#t=34').moment).toBeNull();
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

  it('stands still at the plan of a view that it names, unless it names a moment of its own', () => {
    const held = decodeUrl('#side=denoise&denoise=2@34');
    expect(held).toMatchObject({ side: 'denoise', denoise: '2', moment: 34 });
    expect(decodeUrl('#side=denoise&denoise=2@34&t=40&paused').moment).toBe(40);
    expect(decodeUrl('#side=denoise&denoise=3').moment).toBeNull();
  });

  it('takes a delay alone for that of an arm that waits, and a scheme alone for no delay', () => {
    expect(decodeUrl('#delay=4').chunking).toEqual({ scheme: 'synchronous', delay: 4 });
    expect(decodeUrl('#scheme=real-time').chunking).toEqual({ scheme: 'real-time', delay: 0 });
    expect(decodeUrl('#delay=-1').chunking).toBeNull();
  });

  it('keeps a policy whose sampler it cannot have, drawn as usual', () => {
    expect(decodeUrl('#policies=flow:ddim:4').lanes['1']).toEqual({
      policy: { kind: 'shipped', name: 'flow' },
    });
  });

  it('says how much fresh noise DDIM draws, of those of a first visit too', () => {
    const { lanes } = decodeUrl('#eta=0,0.5,0');
    expect(lanes).toEqual({ ...DEFAULT_URL.lanes, '2': { ...DEFAULT_URL.lanes['2'], eta: 0.5 } });
    expect(encodeUrl({ ...DEFAULT_URL, lanes })).toBe('eta=0,0.5,0');
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
    [`seed=${LARGEST.seed + 1}`, 'seed'],
    ['episode=1.5', 'episode'],
    ['policies=../../etc', 'lanes'],
    ['policies=,,,', 'lanes'],
    ['policies=l2:euler,diffusion:euler:4,flow:heun:4', 'lanes'],
    ['policies=l2,diffusion:ddim:101,flow:euler:0', 'lanes'],
    ['eta=1,1.1,1', 'lanes'],
    ['eta=0,-1,0', 'lanes'],
    ['eta=,1e-1,', 'lanes'],
    ['ball=,', 'objects'],
    ['ball=1', 'objects'],
    ['ball=0.68,0,0.7,0.1', 'objects'],
    ['task=juggle', 'task'],
    ['say=hello', 'instruction'],
    ['guidance=4,4,4', 'lanes'],
    ['speed=100', 'speed'],
    ['speed=8', 'speed'],
    ['speed=0.3', 'speed'],
    ['speed=x', 'speed'],
    ['tab=nowhere', 'tab'],
  ] as const)('is not believed when it says %s', (hash, key) => {
    expect(decodeUrl(hash)[key]).toEqual(DEFAULT_URL[key]);
  });
});

describe('the address of a task in which one is told something', () => {
  const told = (rest: string) => decodeUrl(`#task=left-right-colour${rest}`);

  it('leaves it to what there is who acts, where it does not say', () => {
    expect(told('').lanes).toEqual({ '1': null, '2': null, '3': null });
    expect(encodeUrl(told(''))).toBe('task=left-right-colour');
  });

  it('carries what is said, and how much that counts for each', () => {
    const state = told('&policies=a-1,a-1,a-1&guidance=0,1,7.5&say=hand+me+the+red+apple');
    expect(state.instruction).toBe('hand me the red apple');
    const policy = { kind: 'run', id: 'a-1' };
    expect(state.lanes).toEqual({
      '1': { policy, guidance: 0 },
      '2': { policy },
      '3': { policy, guidance: 7.5 },
    });
  });

  it('shows where plans look, where it says so', () => {
    const state = told('&attention=shown');
    expect(state.attention).toBe(true);
    expect(encodeUrl(state)).toBe('task=left-right-colour&attention=shown');
    expect(told('&attention=1').attention).toBe(false);
  });

  it('tells silence from nothing being said in the address', () => {
    expect(told('&say=').instruction).toBe('');
    expect(told('').instruction).toBeNull();
  });

  it.each([
    [`&say=${'x'.repeat(LIMITS.instruction + 1)}`, 'instruction', null],
    ['&ball=0.68,0', 'objects', null],
    ['&ball=0.68,0.02,0.68,-0.02', 'objects', null],
  ] as const)('is not believed when it says %s', (rest, key, value) => {
    expect(told(rest)[key]).toBe(value);
  });

  it.each(['-1', '101', 'x', '1e1', '', '0.12345'])('has no guidance of "%s"', (text) => {
    expect(told(`&policies=a-1,,&guidance=${text}`).lanes['1']).toEqual({
      policy: { kind: 'run', id: 'a-1' },
    });
  });
});
