import type { Random } from '../../policies/random.ts';
import { vocabularyOf, wordsOf } from '../../policies/text/tokenizer.ts';
import { type Attributes, COLOURS, type Colour, HATS, type Hat } from './attributes.ts';

/** What a caption says: the values it leaves open. The empty caption leaves all of them. */
export interface Constraint {
  readonly colours: readonly Colour[];
  readonly hats: readonly Hat[];
  readonly helmets: readonly boolean[];
}

/** A caption that asks for what no cat is. */
export class CaptionError extends Error {
  override readonly name = 'CaptionError';
}

export interface ParsedCaption {
  readonly constraint: Constraint;
  /** Words outside of {@link CAPTION_VOCABULARY}, each once: they say nothing to who draws. */
  readonly unknown: readonly string[];
}

const EVERYTHING: Constraint = { colours: COLOURS, hats: HATS, helmets: [false, true] };
const SOME_HAT: readonly Hat[] = HATS.filter((hat) => hat !== 'none');
const COLOUR_WORDS: Readonly<Record<Colour, readonly string[]>> = {
  red: ['red'],
  orange: ['orange', 'ginger'],
  green: ['green'],
  blue: ['blue'],
  white: ['white'],
  black: ['black'],
};

/** Whether a cat is what a caption asks for. */
export function obeys({ colour, hat, helmet }: Attributes, constraint: Constraint): boolean {
  return (
    constraint.colours.includes(colour) &&
    constraint.hats.includes(hat) &&
    constraint.helmets.includes(helmet)
  );
}

/** How likely a drawn caption speaks of a colour, a hat, a helmet; and of a hat by its kind. */
const SPEAKS = { colour: 0.8, hat: 0.8, helmet: 0.8, kind: 0.75 };

/**
 * A caption that is true of a cat. It may leave out any of the attributes, and then leaves several cats.
 */
export function drawCaption(random: Random, { colour, hat, helmet }: Attributes): string {
  const says = (chance: number) => random.uniform() < chance;
  const oneOf = (list: readonly string[]) => list[random.below(list.length)];
  const colourWord = says(SPEAKS.colour) ? oneOf(COLOUR_WORDS[colour]) : null;
  const saysHat = says(SPEAKS.hat);
  const saysHelmet = says(SPEAKS.helmet);
  const kind = hat !== 'none' && says(SPEAKS.kind) ? `a ${hat} hat` : 'a hat';

  const isNoun = helmet && saysHelmet && says(0.6);
  const noun = isNoun ? oneOf(['astronaut cat', 'cat astronaut']) : 'cat';
  const subject = colourWord ? `${colourWord} ${noun}` : noun;
  const worn = [
    ...(saysHelmet && !isNoun ? [helmet ? oneOf(HELMETS) : 'no helmet'] : []),
    ...(saysHat ? [hat === 'none' ? 'no hat' : kind] : []),
  ];
  if (says(0.5)) worn.reverse();
  const phrases = worn.map((thing, i) => {
    const link = thing.startsWith('no ')
      ? oneOf(i === 0 ? ['with no ', 'without a '] : ['and no ', 'and without a '])
      : `${i === 0 ? '' : 'and '}${oneOf(i === 0 ? ['with ', 'wearing ', 'in '] : ['', 'with '])}`;
    return link + thing.replace(/^no /, '');
  });
  return [`${articleOf(subject)} ${subject}`, ...phrases].join(' ');
}

const HELMETS = ['a helmet', 'a space helmet', 'an astronaut helmet'];

function articleOf(words: string): string {
  return /^[aeiou]/.test(words) ? 'an' : 'a';
}

/** Words that say nothing by themselves. */
const FILLERS = ['a', 'an', 'the', 'and', 'any', 'cat', 'with', 'wearing', 'in'] as const;
const NEGATIONS: readonly string[] = ['no', 'without'];
/** Each says that there is a helmet; the first two may stand before the third. */
const HELMET_WORDS: readonly string[] = ['astronaut', 'space', 'helmet'];

/** All words that captions are made of, in alphabetical order. */
export const CAPTION_VOCABULARY: readonly string[] = vocabularyOf([
  [...FILLERS, ...NEGATIONS, ...HELMET_WORDS, ...SOME_HAT, 'hat'].join(' '),
  Object.values(COLOUR_WORDS).flat().join(' '),
]);

/** Most words of a caption that `drawCaption` makes. */
export const CAPTION_WORDS = 14;

/**
 * What a caption asks for. Fillers and order say nothing: the word for a colour, a kind of hat, "hat",
 * "helmet", "space" or "astronaut" counts wherever it stands, and "no" or "without" turns round the next
 * thing that is worn.
 *
 * @throws CaptionError where it asks for two colours, two hats, or a thing and its absence
 */
export function parseCaption(text: string): ParsedCaption {
  const words = wordsOf(text);
  let { colours, hats, helmets } = EVERYTHING;
  let negated = false;
  const narrow = <T>(what: string, before: readonly T[], to: readonly T[]): readonly T[] => {
    const left = before.filter((value) => to.includes(value));
    if (left.length > 0) return left;
    throw new CaptionError(
      `caption: expected one ${what}, got two that exclude each other: "${text.slice(0, 80)}"; ` +
        'leave one of them out',
    );
  };
  words.forEach((word, i) => {
    const colour = COLOURS.find((each) => COLOUR_WORDS[each].includes(word));
    const kind = SOME_HAT.find((each) => each === word);
    const isSaid = word === 'hat' && SOME_HAT.some((each) => each === words[i - 1]);
    if (colour) colours = narrow('colour', colours, [colour]);
    if (kind) hats = narrow('hat', hats, negated ? HATS.filter((hat) => hat !== kind) : [kind]);
    if (word === 'hat' && !isSaid) hats = narrow('hat', hats, negated ? ['none'] : SOME_HAT);
    const isHelmet = HELMET_WORDS.includes(word) && words[i + 1] !== 'helmet';
    if (isHelmet) helmets = narrow('helmet', helmets, [!negated]);
    negated = NEGATIONS.includes(word) || (negated && !kind && word !== 'hat' && !isHelmet);
  });
  const unknown = words.filter((word) => !CAPTION_VOCABULARY.includes(word));
  return { constraint: { colours, hats, helmets }, unknown: [...new Set(unknown)] };
}
