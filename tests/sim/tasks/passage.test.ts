import { describe, expect, it } from 'vitest';
import { SimError, type Vec3 } from '../../../sim/index.ts';
import { passageOf } from '../../../sim/tasks/behind-posts.ts';
import { graspOneBall } from '../../../sim/tasks/one-ball.ts';
import { INITIAL_PROGRESS, type Mode, type Obstacle } from '../../../sim/tasks/task.ts';

const X = 0.48;

/** Posts in a row from left to right. */
const postsAt = (...ys: readonly number[]): Obstacle[] =>
  ys.map((y) => ({ x: X, y, radius: 0.02, height: 0.22 }));

const modesNamed = (...names: readonly string[]): Mode[] =>
  names.map((name) => ({ name, label: name, colour: 0xffffff }));

/** A path straight ahead that crosses the row at `y`. */
const across = (y: number): Vec3[] => [
  [X - 0.1, y, 0.11],
  [X + 0.1, y, 0.11],
];

describe('ways past seven posts', () => {
  const names = ['1', '2', '3', '4', '5', '6', '7', '8'];
  const posts = postsAt(0.75, 0.5, 0.25, 0, -0.25, -0.5, -0.75);
  const passage = passageOf(posts, modesNamed(...names));
  const middles = [0.875, 0.625, 0.375, 0.125, -0.125, -0.375, -0.625, -0.875];

  it('are eight, and each is told from the others by where the row is crossed', () => {
    expect(middles.map((y) => passage.classifyPath(across(y)))).toEqual(names);
    for (const [i, y] of middles.entries()) {
      const [before, after] = across(y);
      const moment = {
        objects: [],
        obstacleTouched: false,
        goal: { object: null, mode: null },
        dt: 0.01,
      };
      const first = {
        ...INITIAL_PROGRESS,
        ...passage.judge(INITIAL_PROGRESS, { ...moment, tcp: before }),
      };
      expect(passage.judge(first, { ...moment, tcp: after })).toMatchObject({
        mode: names[i],
        overObstacle: false,
      });
    }
  });

  it('are closed where a post is', () => {
    for (const { y } of posts) expect(passage.classifyPath(across(y))).toBe('invalid');
  });
});

describe('a task that posts and modes do not make', () => {
  it.each<[string, Obstacle[], string[], string]>([
    ['no post', [], ['straight'], 'expected at least one, got none'],
    ['no post and two modes', [], ['left', 'right'], 'needs a judge and a classifyPath of its own'],
    ['one mode', postsAt(0), ['left'], 'expected one more than the 1 post, .*got 1 \\(left\\)'],
    ['no mode', postsAt(0), [], 'expected one more than the 1 post, .*got 0'],
    [
      'a mode too few',
      postsAt(0.2, -0.2),
      ['left', 'right'],
      'the 2 posts, .*got 2 \\(left, right\\)',
    ],
    ['a mode too many', postsAt(0), ['left', 'middle', 'right'], 'got 3 \\(left, middle, right\\)'],
    [
      'a mode twice',
      postsAt(0),
      ['left', 'left'],
      'a name of its own for each way, got "left" twice',
    ],
    [
      'posts from right to left',
      postsAt(-0.2, 0.2),
      ['a', 'b', 'c'],
      'from left \\(\\+y\\) to right',
    ],
    [
      'posts one behind the other',
      [...postsAt(0.2), { x: 0.6, y: -0.2, radius: 0.02, height: 0.22 }],
      ['a', 'b', 'c'],
      'expected a row at x = 0.48',
    ],
    [
      'a gap the hand does not fit through',
      postsAt(0.12, -0.12),
      ['a', 'b', 'c'],
      "more than the hand's 0.2 m between those at y = 0.12 and -0.12, got 0.200 m",
    ],
  ])('is refused for %s, and says what was expected', (_, obstacles, names, message) => {
    const make = () => graspOneBall('bad', { obstacles, objects: [] }, modesNamed(...names));
    expect(make).toThrow(SimError);
    expect(make).toThrow(new RegExp(message));
  });
});
