import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Episode, type InitialState, SimError, type Vec3 } from '../../../sim/index.ts';
import { BALL } from '../../../sim/tasks/behind-posts.ts';
import { leftRightColour } from '../../../sim/tasks/left-right-colour/task.ts';
import { type Goal, INITIAL_PROGRESS, type Moment } from '../../../sim/tasks/task.ts';
import { LEFT, POST, RIGHT, rapier } from '../../support/simulation.ts';

const DT = 0.01;
const RED: Vec3 = [0.68, 0.08, BALL.radius];
const GREEN: Vec3 = [0.68, -0.08, BALL.radius];
const UP: Vec3 = [0.68, 0, 0.18];
const start = leftRightColour.sampleInitialState(1);

/** The hand passes the post at `side` and holds up one of the balls for `seconds`. */
function attempt(goal: Goal, object: 'red' | 'green', side = LEFT, seconds = 0.6) {
  const at = (tcp: Vec3, objects: Vec3[] = [RED, GREEN]): Moment => ({
    tcp,
    objects,
    obstacleTouched: false,
    goal,
    dt: DT,
  });
  const moments = [
    at([POST.x - 0.05, side, 0.11]),
    at([POST.x + 0.05, side, 0.11]),
    ...Array.from({ length: Math.round(seconds / DT) }, () =>
      at(UP, object === 'red' ? [UP, GREEN] : [RED, UP]),
    ),
  ];
  return moments.reduce(
    (progress, next) => leftRightColour.judge(progress, next),
    INITIAL_PROGRESS,
  );
}

describe('success', () => {
  it('is the ball one was told to lift', () => {
    const red = { object: 'red', mode: null };
    expect(attempt(red, 'red')).toMatchObject({ success: true, lifted: 'red', mode: 'left' });
    expect(attempt(red, 'green')).toMatchObject({ success: false, lifted: 'green' });
    expect(attempt({ object: 'green', mode: null }, 'green').success).toBe(true);
  });

  it('is either ball where none was named', () => {
    for (const object of ['red', 'green'] as const) {
      expect(attempt({ object: null, mode: null }, object).success).toBe(true);
    }
  });

  it('takes half a second of holding', () => {
    expect(attempt({ object: 'red', mode: null }, 'red', RIGHT, 0.4).success).toBe(false);
  });
});

describe('a start', () => {
  it('has a ball on either side, apart enough for the open hand, and is accepted', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (seed) => {
        const state = leftRightColour.sampleInitialState(seed);
        leftRightColour.validateInitialState(state);
        const [red, green] = state.objects;
        expect(red[1] * green[1]).toBeLessThan(0);
        expect(Math.abs(red[1] - green[1])).toBeGreaterThan(0.12);
        for (const value of state.objects.flat()) expect(value).toBe(Math.fround(value));
      }),
    );
  });

  it('puts red on the left in half of the cases', () => {
    const left = Array.from({ length: 400 }, (_, i) => leftRightColour.sampleInitialState(i));
    const share = left.filter(({ objects }) => objects[0][1] > 0).length / 400;
    expect(share).toBeGreaterThan(0.4);
    expect(share).toBeLessThan(0.6);
  });

  it.each([
    [
      'balls that touch',
      { objects: [start.objects[0], start.objects[0]] },
      /at least 0.11 m apart/,
    ],
    ['one ball', { objects: [start.objects[0]] }, /2 objects, got 7 and 1/],
    ['a speech', { instruction: 'red '.repeat(100) }, /at most 200 characters, got 400/],
  ] as [string, Partial<InitialState>, RegExp][])('is refused with %s', (_, change, message) => {
    const check = () => leftRightColour.validateInitialState({ ...start, ...change });
    expect(check).toThrow(SimError);
    expect(check).toThrow(message);
  });
});

describe('an episode', () => {
  it('is judged by its instruction, in a restored copy too', () => {
    const initial = { ...start, instruction: 'take the green one from the left' };
    const episode = Episode.create(rapier, leftRightColour, initial);
    const goal = { object: 'green', mode: 'left' };
    expect(episode.goal).toEqual(goal);
    const copy = Episode.restore(rapier, leftRightColour, episode.snapshot());
    expect(copy.instruction).toBe(initial.instruction);
    expect(copy.goal).toEqual(goal);
    episode.free();
    copy.free();
  });

  it('without a word leaves the choice open', () => {
    const episode = Episode.create(rapier, leftRightColour, start);
    expect(episode.goal).toEqual({ object: null, mode: null });
    episode.free();
  });
});
