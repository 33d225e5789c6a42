import type { Random } from '../../policies/random.ts';

export const COLOURS = ['red', 'orange', 'green', 'blue', 'white', 'black'] as const;
export const HATS = ['none', 'top', 'party', 'wizard'] as const;
export type Colour = (typeof COLOURS)[number];
export type Hat = (typeof HATS)[number];

/** What a caption can ask of a cat. The three are independent of one another. */
export interface Attributes {
  readonly colour: Colour;
  readonly hat: Hat;
  /** An astronaut's helmet, with the suit that belongs to it; a hat then sits on the helmet. */
  readonly helmet: boolean;
}

/**
 * Combinations that no training data contains: five of 48. Every colour, hat and helmet is learnt from
 * other combinations, so a picture that a caption of these asks for is composed, not remembered.
 */
export const HELD_OUT: readonly Attributes[] = [
  { colour: 'green', hat: 'wizard', helmet: true },
  { colour: 'red', hat: 'top', helmet: true },
  { colour: 'white', hat: 'none', helmet: true },
  { colour: 'orange', hat: 'party', helmet: false },
  { colour: 'blue', hat: 'top', helmet: false },
];

/** All combinations: colours change slowest, helmets fastest. */
export const COMBINATIONS: readonly Attributes[] = COLOURS.flatMap((colour) =>
  HATS.flatMap((hat) => [false, true].map((helmet) => ({ colour, hat, helmet }))),
);

/** What may be trained on; training data draws each of them equally often. */
export const SEEN: readonly Attributes[] = COMBINATIONS.filter((each) => !isHeldOut(each));

export function sameAttributes(a: Attributes, b: Attributes): boolean {
  return a.colour === b.colour && a.hat === b.hat && a.helmet === b.helmet;
}

export function isHeldOut(attributes: Attributes): boolean {
  return HELD_OUT.some((each) => sameAttributes(each, attributes));
}

/** One of some combinations, each as likely. */
export function drawAttributes(random: Random, among: readonly Attributes[] = SEEN): Attributes {
  return among[random.below(among.length)];
}
