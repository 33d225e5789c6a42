import { describe, expect, it } from 'vitest';
import {
  type Acting,
  type ActingEvent,
  BEFORE_THE_FIRST,
  type Choices,
  nextActing,
  refusedChoice,
} from '../../../../client/features/watch/acting.ts';
import { FIRST_CHOICES, LANES, perLane } from '../../../../client/shared/lanes/lanes.ts';
import type { Lane, StageProblem } from '../../../../server/protocol/index.ts';

const RUN: Lane = { policy: { kind: 'run', id: 'flow-1' } };
const HEUN: Lane = { policy: { kind: 'shipped', name: 'flow' }, sampler: 'heun', nfe: 5 };
const first: Choices = FIRST_CHOICES;

const follow = (state: Acting, ...events: readonly ActingEvent[]) =>
  events.reduce(nextActing, state);
const problem = (change: Partial<StageProblem>): StageProblem => ({
  code: 'not-found',
  message: 'gone',
  request: 1,
  lane: null,
  instruction: false,
  ...change,
});
const refused = (change: Partial<StageProblem>): ActingEvent => ({
  kind: 'problem',
  problem: problem(change),
  first,
});
const SENT: ActingEvent = { kind: 'sent', lanes: LANES };

/** All three have acted; another is chosen for view 3 and asked for. */
const chosen = (choice: Lane): Acting =>
  follow(
    { ...BEFORE_THE_FIRST, choices: first },
    SENT,
    { kind: 'episode', request: 1 },
    { kind: 'choose', lane: '3', all: { ...first, '3': choice } },
    SENT,
  );

describe('who acts', () => {
  it('is who was asked for, once the episode is there', () => {
    const asked = follow({ ...BEFORE_THE_FIRST, choices: first }, SENT);
    expect(asked).toMatchObject({ pending: true, request: 1, asked: LANES });
    expect(asked.acting['1']).toBeNull();
    const begun = follow(asked, { kind: 'episode', request: 1 });
    expect(begun).toMatchObject({ pending: false, acting: first, shown: first });
  });

  it('stays as it is where an episode or a problem is of settings overtaken since', () => {
    const state = chosen(HEUN);
    expect(follow(state, { kind: 'episode', request: 1 })).toBe(state);
    expect(follow(state, refused({ request: 1, lane: 2 }))).toBe(state);
    expect(refusedChoice(state, problem({ request: 1, lane: 2 }), first)).toBeNull();
  });

  it('is nobody to ask for where no lane has anybody: what goes on counts no longer', () => {
    const state = follow(chosen(HEUN), { kind: 'sent', lanes: [] });
    expect(state).toMatchObject({ request: 3, asked: LANES });
    expect(follow(state, { kind: 'episode', request: 2 })).toBe(state);
  });

  it('of lanes that were not asked for stays who acted', () => {
    const state = follow(
      chosen(HEUN),
      { kind: 'sent', lanes: ['1', '2'] },
      { kind: 'episode', request: 3 },
    );
    expect(state.acting['3']).toEqual(first['3']);
  });

  it('changes no state that was there before', () => {
    const state = chosen(HEUN);
    const copy = structuredClone(state);
    follow(state, SENT, refused({ request: 3, lane: 2 }), { kind: 'retry', lane: '3' });
    expect(state).toEqual(copy);
  });
});

describe('a choice that is refused', () => {
  it('gives way to who acted before', () => {
    const state = follow(chosen(HEUN), refused({ request: 2, lane: 2 }));
    expect(state.choices).toEqual(first);
    expect(state.refusals['3']).toEqual({ code: 'not-found', message: 'gone', choice: HEUN });
    expect(state).toMatchObject({ pending: false, error: null });
    expect(follow(state, { kind: 'forgive', lane: '3' }).refusals['3']).toBeNull();
  });

  it('gives way to a first visit where it acted itself and no longer can', () => {
    const acted = follow(chosen(RUN), { kind: 'episode', request: 2 }, SENT);
    const state = follow(acted, refused({ request: 3, lane: 2 }));
    expect(state.choices['3']).toEqual(first['3']);
    expect(state.shown['3']).toBeNull();
  });

  it('keeps its lane empty where there is nothing to go back to, until it is tried again', () => {
    const sent = follow({ ...BEFORE_THE_FIRST, choices: first }, SENT);
    const state = follow(sent, refused({ lane: 2 }));
    expect(state.choices).toEqual(first);
    expect(state.missing['3']).toMatchObject({ choice: first['3'] });
    expect(follow(state, { kind: 'retry', lane: '3' }).missing['3']).toBeNull();
  });

  it('gives way in every lane that it was to act in', () => {
    const all = follow(
      { ...BEFORE_THE_FIRST, choices: first },
      SENT,
      { kind: 'episode', request: 1 },
      { kind: 'choose', lane: '1', all: perLane(() => RUN) },
      SENT,
    );
    expect(follow(all, refused({ request: 2, lane: 0 })).choices).toEqual(first);
  });

  it('is the only new one where the server blames none', () => {
    const blamed = problem({ request: 2, code: 'invalid-request' });
    expect(refusedChoice(chosen(RUN), blamed, first)).toEqual({ lane: '3', choice: RUN });
  });
});

describe('a problem of the whole stage', () => {
  it('stands until settings are sent that make one; one that broke down, until it goes on', () => {
    const wrong = follow(
      { ...BEFORE_THE_FIRST, choices: first },
      SENT,
      { kind: 'episode', request: 1 },
      SENT,
      refused({ request: 2, code: 'invalid-request' }),
      { kind: 'episode', request: 2 },
    );
    expect(wrong.error?.code).toBe('invalid-request');
    expect(follow(wrong, SENT).error).toBeNull();
    const broken = follow(wrong, SENT, refused({ request: 3, code: 'failed' }));
    expect(broken.error?.code).toBe('failed');
    expect(follow(broken, { kind: 'episode', request: 3 }).error).toBeNull();
  });

  it('of what is said blames nobody', () => {
    const state = follow(chosen(HEUN), refused({ request: 2, lane: 2, instruction: true }));
    expect(state).toMatchObject({ error: null, instructionError: { message: 'gone' } });
    expect(state.choices['3']).toEqual(HEUN);
    expect(follow(state, SENT).instructionError).toBeNull();
  });

  it('is also that its settings did not arrive', () => {
    const error = { code: 'failed' as const, message: 'no answer' };
    expect(follow(chosen(HEUN), { kind: 'unsent', error })).toMatchObject({
      error,
      pending: false,
    });
  });
});

describe('another task', () => {
  const readers = perLane(() => RUN);
  const play = (from: 'left-right' | 'left-right-colour'): ActingEvent =>
    from === 'left-right'
      ? { kind: 'play', from, to: 'left-right-colour', first: readers }
      : { kind: 'play', from, to: 'left-right', first };

  it('is played by who acts in it first, later by who acted in it last', () => {
    const there = follow(chosen(HEUN), play('left-right'));
    expect(there.choices).toEqual(readers);
    const back = follow(there, play('left-right-colour'));
    expect(back.choices).toEqual({ ...first, '3': HEUN });
  });

  it('knows nothing of who was seen and refused in the one before', () => {
    const state = follow(chosen(HEUN), refused({ request: 2, lane: 2 }), { kind: 'other-task' });
    const none = perLane(() => null);
    expect(state).toMatchObject({ acting: none, shown: none, missing: none, refusals: none });
  });
});
