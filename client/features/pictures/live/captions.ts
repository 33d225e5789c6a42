/** What is drawn again and again while training goes on: a column each. Two are of held-out combinations. */
export const LIVE_CAPTIONS = [
  'a red cat',
  'a blue cat wearing a party hat',
  'a black cat with a wizard hat',
  'a white cat wearing a top hat',
  'a green astronaut cat with no hat',
  'an orange cat with a top hat and a helmet',
  'a blue cat with a top hat and no helmet',
  'a green astronaut cat with a wizard hat',
] as const;

/** Drawings of each, from noise of their own. */
export const LIVE_ROWS = 3;

/** Most pictures of one's own: each takes the place of one of the fixed captions, from the last. */
export const MOST_OWN = 4;

/** The columns, with captions of one's own in the place of the last. */
export function columnsWith(own: readonly string[]): readonly string[] {
  return [...LIVE_CAPTIONS.slice(0, LIVE_CAPTIONS.length - own.length), ...own];
}
