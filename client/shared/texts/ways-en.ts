import type { ModeLabel } from '../../../sim/tasks/index.ts';

interface Words {
  /** What one is asked to show, past one post or more. */
  readonly whole: (posts: number) => string;
  /** The same where the posts have been spoken of. */
  readonly short: string;
  /** What somebody has done. */
  readonly taken: string;
}

const postsOf = (posts: number) => (posts === 1 ? 'the post' : 'the posts');

const WAYS: Readonly<Record<ModeLabel, Words>> = {
  left: {
    whole: (posts) => `round the LEFT of ${postsOf(posts)}`,
    short: 'round the LEFT',
    taken: 'round the left',
  },
  middle: {
    whole: (posts) => `BETWEEN ${postsOf(posts)}`,
    short: 'BETWEEN the posts',
    taken: 'between the posts',
  },
  right: {
    whole: (posts) => `round the RIGHT of ${postsOf(posts)}`,
    short: 'round the RIGHT',
    taken: 'round the right',
  },
};

/** "round the LEFT of the post": what one is asked to show. */
export function wayEn(mode: ModeLabel, posts: number): string {
  return WAYS[mode].whole(posts);
}

/** "round the LEFT", where the post has been spoken of. */
export function shortWayEn(mode: ModeLabel): string {
  return WAYS[mode].short;
}

/** "round the left", "between the posts": what was done, or was not. */
export function takenEn(mode: ModeLabel): string {
  return WAYS[mode].taken;
}
