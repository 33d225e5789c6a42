import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundsOf } from '../../../../client/shared/tasks/placing.ts';
import { taskOf } from '../../../../client/shared/tasks/stage-tasks.ts';
import { LARGEST } from '../../../../client/shell/address/bounds.ts';
import { FIELDS, readUrl } from '../../../../client/shell/address/read-url.ts';
import { encodeUrl } from '../../../../client/shell/address/url.ts';

const ignoredOf = (hash: string) => readUrl(hash).ignored;

describe('an address that is believed', () => {
  it('gives no cause to say anything', () => {
    expect(ignoredOf('')).toEqual([]);
    expect(
      ignoredOf(
        '#task=left-right-colour&tab=demos&side=closed&camera=top&view=2&seed=7&episode=3&ta=8' +
          '&policies=a-1,,a-1:heun:5&guidance=0,,2&say=take+it&ball=0.7,0.1,0.7,-0.1&speed=2' +
          '&attention=shown&lang=zh&t=34&paused&together&ghosts=hidden',
      ),
    ).toEqual([]);
    expect(ignoredOf('#eta=0,0.5,0&policies=l2,diffusion,flow')).toEqual([]);
  });

  it('may name the largest start, and none beyond it', () => {
    const { state, ignored } = readUrl(`#seed=${LARGEST.seed}&episode=${LARGEST.episode}`);
    expect([state.seed, state.episode, ignored]).toEqual([LARGEST.seed, LARGEST.episode, []]);
    expect(ignoredOf(`#seed=${LARGEST.seed + 1}`)).toHaveLength(1);
  });
});

describe('an address that is not believed', () => {
  it.each([
    ['seed=99999999999', 'seed', '99999999999', { kind: 'whole', low: 0, high: LARGEST.seed }, '4'],
    ['seed=-1', 'seed', '-1', { kind: 'whole', low: 0, high: LARGEST.seed }, '4'],
    ['episode=1.5', 'episode', '1.5', { kind: 'whole', low: 0, high: LARGEST.episode }, '0'],
    ['ta=0', 'ta', '0', { kind: 'whole', low: 1, high: 128 }, null],
    ['camera=under', 'camera', 'under', { values: ['front', 'top', 'behind'] }, 'front'],
    ['t=-1', 't', '-1', { kind: 'whole', low: 0, high: LARGEST.moment }, null],
    ['ghosts=1', 'ghosts', '1', { values: ['hidden'] }, null],
    ['speed=3', 'speed', '3', { values: ['0.25', '0.5', '1', '2', '4'] }, '1'],
    [
      'side=nowhere',
      'side',
      'nowhere',
      { values: ['why', 'denoise', 'latency', 'state', 'closed'] },
      'why',
    ],
    ['noise=65536', 'noise', '65536', { low: 0, high: 65_535 }, '0'],
    ['batch=65', 'batch', '65', { low: 1, high: 64 }, null],
    ['side=denoise&denoise=4@1', 'denoise', '4@1', { kind: 'moment' }, null],
    ['side=denoise&denoise=now', 'denoise', 'now', { kind: 'moment' }, null],
    ['denoise=2@34', 'denoise', '2@34', { kind: 'noiseRoom' }, null],
    ['view=4', 'view', '4', { values: ['1', '2', '3'] }, null],
    ['together=1', 'together', '1', { kind: 'bare' }, null],
    ['attention=1', 'attention', '1', { values: ['shown'] }, null],
    ['say=hello', 'say', 'hello', { kind: 'told' }, null],
    ['guidance=4,4,4', 'guidance', '4,4,4', { kind: 'told' }, null],
    ['sead=3', 'sead', '3', { kind: 'field' }, null],
    ['seed=3&seed=5', 'seed', '5', { kind: 'once' }, '3'],
    ['ball=9,9', 'ball', '9,9', { kind: 'places' }, null],
  ])('says which field, what was expected and got, and what stands: %s', (hash, ...told) => {
    const [field, got, expected, stands] = told;
    expect(ignoredOf(`#${hash}`)).toMatchObject([{ field, lane: null, got, expected, stands }]);
  });

  it.each([
    ['policies=l2,../x,flow', 'policies', '2', '../x', { kind: 'policy' }, 'diffusion'],
    [
      'policies=l2,diffusion,flow:ddim:4',
      'policies',
      '3',
      'flow:ddim:4',
      { policy: 'flow' },
      'flow',
    ],
    ['policies=l2,run-1:x,flow', 'policies', '2', 'run-1:x', { policy: 'run-1' }, 'run-1'],
    ['eta=0,2,0', 'eta', '2', '2', { kind: 'eta' }, '0'],
    ['eta=0.5,0,0', 'eta', '1', '0.5', { kind: 'eta' }, '0'],
    [
      'task=left-right-colour&policies=a-1,,&guidance=101',
      ...(['guidance', '1', '101', { kind: 'guidance' }, '1'] as const),
    ],
    ['task=left-right-colour&guidance=4', 'guidance', '1', '4', { kind: 'acts' }, null],
  ])('says of which view: %s', (hash, field, lane, got, expected, stands) => {
    expect(ignoredOf(`#${hash}`)).toMatchObject([{ field, lane, got, expected, stands }]);
  });

  it('puts no ball where it was not asked to: neither to a bound nor to a grid', () => {
    const { x, y } = boundsOf(taskOf('left-right').placing);
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9999 }),
        fc.integer({ min: -9999, max: 9999 }),
        (a, b) => {
          const [px, py] = [a / 10_000, b / 10_000];
          const { state, ignored } = readUrl(`#ball=${px},${py}`);
          const inside = px >= x[0] && px <= x[1] && py >= y[0] && py <= y[1];
          expect(state.objects).toEqual(inside ? [[px, py]] : null);
          expect(ignored).toHaveLength(inside ? 0 : 1);
        },
      ),
    );
  });

  it('says so of every field that it knows, and of those it does not', () => {
    for (const field of [...FIELDS, 'nothing']) {
      const [first] = ignoredOf(`#${field}=${'?'.repeat(500)}`);
      expect(first.field).toBe(field);
    }
  });

  it('is silent about what it has written itself', () => {
    fc.assert(
      fc.property(fc.webQueryParameters(), (query) => {
        expect(ignoredOf(encodeUrl(readUrl(`#${query}`).state))).toEqual([]);
      }),
    );
  });
});
