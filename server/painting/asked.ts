import {
  type Attributes,
  COMBINATIONS,
  type Constraint,
  drawAttributes,
  drawCaption,
  HELD_OUT,
  isHeldOut,
  obeys,
  parseCaption,
} from '../../demos/cats/index.ts';
import { Random } from '../../policies/random.ts';

/**
 * What a painter is asked for: captions of combinations that it was trained on, drawn as those of its
 * training; captions that none but held-out combinations obey; nothing.
 */
export const ASKED_GROUPS = ['seen', 'held-out', 'empty'] as const;
export type AskedGroup = (typeof ASKED_GROUPS)[number];

/** Pictures of one caption, each from noise of its own: what differs among them no caption told. */
export const PER_CAPTION = 4;

export interface Asked {
  readonly caption: string;
  readonly constraint: Constraint;
  /** Of {@link PER_CAPTION} cats of which it is true: those of one, but where it says nothing. */
  readonly attributes: readonly Attributes[];
  /** Whether more than one combination obeys it. */
  readonly isOpen: boolean;
}

/** The stream of a seed that captions of measurements come from: none of training. */
const CAPTIONS = 203;

/** Captions of a group, the same for the same seed; more of them begin with those of fewer. */
export function askedOf(group: AskedGroup, captions: number, seed: number): Asked[] {
  return Array.from({ length: captions }, (_, i) => {
    const random = Random.of(seed, CAPTIONS, ASKED_GROUPS.indexOf(group), i);
    if (group === 'held-out') return heldOut(random, HELD_OUT[i % HELD_OUT.length]);
    if (group === 'empty') {
      return asked(
        '',
        Array.from({ length: PER_CAPTION }, () => drawAttributes(random)),
      );
    }
    const attributes = drawAttributes(random);
    return asked(drawCaption(random, attributes), Array(PER_CAPTION).fill(attributes));
  });
}

/** Captions are drawn until one leaves nothing but held-out combinations: about every third does. */
function heldOut(random: Random, attributes: Attributes): Asked {
  for (;;) {
    const caption = drawCaption(random, attributes);
    const { constraint } = parseCaption(caption);
    if (COMBINATIONS.every((each) => isHeldOut(each) || !obeys(each, constraint))) {
      return asked(caption, Array(PER_CAPTION).fill(attributes));
    }
  }
}

function asked(caption: string, attributes: readonly Attributes[]): Asked {
  const { constraint } = parseCaption(caption);
  const isOpen = COMBINATIONS.filter((each) => obeys(each, constraint)).length > 1;
  return { caption, constraint, attributes, isOpen };
}
