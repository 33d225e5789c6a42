import type { ModeLabel } from '../../../sim/tasks/index.ts';

const WAYS: Readonly<Record<ModeLabel, { readonly whole: string; readonly short: string }>> = {
  left: { whole: 'round the LEFT of the post', short: 'round the LEFT' },
  right: { whole: 'round the RIGHT of the post', short: 'round the RIGHT' },
};

/** "round the LEFT of the post": what one is asked to show. */
export function wayEn(mode: ModeLabel): string {
  return WAYS[mode].whole;
}

/** "round the LEFT", where the post has been spoken of. */
export function shortWayEn(mode: ModeLabel): string {
  return WAYS[mode].short;
}
