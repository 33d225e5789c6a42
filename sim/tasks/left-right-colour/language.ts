/**
 * The sentences of the two-coloured task: a small grammar of requests, with an object named or not
 * and a side named or not.
 *
 *     sentence = [way] request object | request object [way]
 */
import type { Goal, Phrase, TaskLanguage } from '../task.ts';
import { LEFT, RIGHT } from '../ways.ts';
import { sayings } from './sayings.ts';

export const COLOURS = ['red', 'green'] as const;
export const SIDES = [LEFT.name, RIGHT.name] as const;
type Colour = (typeof COLOURS)[number];
type Side = (typeof SIDES)[number];

const REQUESTS = ['hand me', 'give me', 'pick up', 'take', 'grab', 'bring me'] as const;
/** Nouns, with what is said where any of the objects will do. */
const NOUNS = [
  { noun: 'apple', any: 'an apple' },
  { noun: 'ball', any: 'a ball' },
  { noun: 'one', any: 'either one' },
] as const;
const WAYS = [
  (side: Side) => `from the ${side}`,
  (side: Side) => `round the ${side} side`,
  (side: Side) => `past the post on the ${side}`,
] as const;

/** A sentence without its colour and side. */
interface Pattern {
  readonly request: number;
  readonly noun: number;
  /** Index of the way; null where no side is named. */
  readonly way: number | null;
  /** Whether the way comes first. */
  readonly inverted: boolean;
}

function patterns(): Pattern[] {
  return REQUESTS.flatMap((_, request) =>
    NOUNS.flatMap((_, noun) => [
      { request, noun, way: null, inverted: false },
      ...WAYS.flatMap((_, way) =>
        [false, true].map((inverted) => ({ request, noun, way, inverted })),
      ),
    ]),
  );
}

/**
 * A quarter of the patterns, for every colour and side: each of their words occurs in training,
 * and each two parts together, but not these parts in this order.
 */
function isHeldOut({ request, noun, way, inverted }: Pattern): boolean {
  const place = way === null ? 0 : 2 * way + Number(inverted) + 1;
  return (request + 2 * noun + 3 * place) % 4 === 1;
}

function say(
  { request, noun, way, inverted }: Pattern,
  colour: Colour | null,
  side: Side | null,
): string {
  const object = colour ? `the ${colour} ${NOUNS[noun].noun}` : NOUNS[noun].any;
  const asked = `${REQUESTS[request]} ${object}`;
  if (way === null || side === null) return asked;
  return inverted ? `${WAYS[way](side)} ${asked}` : `${asked} ${WAYS[way](side)}`;
}

function allPhrases(): Phrase[] {
  const spoken = patterns().flatMap((pattern) =>
    [...COLOURS, null].flatMap((object) =>
      (pattern.way === null ? [null] : SIDES).map((mode) => ({
        text: say(pattern, object, mode),
        goal: { object, mode },
        heldOut: isHeldOut(pattern),
      })),
    ),
  );
  return [{ text: '', goal: { object: null, mode: null }, heldOut: false }, ...spoken];
}

/** The one of `names` that the words name; null where they name none, or several. */
function named<T extends string>(words: ReadonlySet<string>, names: readonly T[]): T | null {
  const found = names.filter((name) => words.has(name));
  return found.length === 1 ? found[0] : null;
}

const wordsOf = (text: string): readonly string[] => text.toLowerCase().match(/[a-z]+/g) ?? [];
const keyOf = (text: string) => wordsOf(text).join(' ');
const SAID: ReadonlyMap<string, Goal> = new Map(
  sayings.map(({ text, goal }) => [keyOf(text), goal]),
);

function understand(text: string): Goal {
  const said = SAID.get(keyOf(text));
  if (said) return said;
  const words = new Set(wordsOf(text));
  return { object: named(words, COLOURS), mode: named(words, SIDES) };
}

export const colourLanguage: TaskLanguage = { phrases: allPhrases(), sayings, understand };
