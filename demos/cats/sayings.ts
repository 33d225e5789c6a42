import { COLOURS, type Colour, HATS, type Hat } from './attributes.ts';
import type { Constraint } from './captions.ts';

/** A caption in words of its own, for evaluation alone; what it asks for is written beside it. */
export interface CatSaying {
  readonly text: string;
  readonly constraint: Constraint;
}

interface Asked {
  readonly colour?: Colour;
  readonly hat?: Hat | 'some';
  readonly helmet?: boolean;
}

/**
 * Captions as people write them who do not know the grammar, with words that no caption of it has. They
 * were written down before any painter was tried on them.
 */
const SAYINGS: readonly (readonly [text: string, asked: Asked])[] = [
  ['an orange kitten in a bubble', { colour: 'orange', helmet: true }],
  ['a crimson kitten', { colour: 'red' }],
  ['a scarlet feline', { colour: 'red' }],
  ['a tomato-coloured kitty', { colour: 'red' }],
  ['a tangerine kitten', { colour: 'orange' }],
  ['a marmalade tomcat', { colour: 'orange' }],
  ['a cat as bright as a carrot', { colour: 'orange' }],
  ['an emerald kitten', { colour: 'green' }],
  ['a lime feline', { colour: 'green' }],
  ['a grass-coloured kitty', { colour: 'green' }],
  ['a navy kitten', { colour: 'blue' }],
  ['an azure feline', { colour: 'blue' }],
  ['a sky-coloured kitty', { colour: 'blue' }],
  ['a snowy kitten', { colour: 'white' }],
  ['an ivory feline', { colour: 'white' }],
  ['a kitty as pale as milk', { colour: 'white' }],
  ['an ebony kitten', { colour: 'black' }],
  ['a feline as dark as coal', { colour: 'black' }],
  ['a kitty of jet', { colour: 'black' }],
  ["a kitten with a sorcerer's cap", { hat: 'wizard' }],
  ["a feline wearing a magician's pointed headgear", { hat: 'wizard' }],
  ['a kitty celebrating a birthday in a cone', { hat: 'party' }],
  ['a kitten with a birthday cap', { hat: 'party' }],
  ["a feline in a gentleman's cylinder", { hat: 'top' }],
  ['a kitty with a stovepipe on its head', { hat: 'top' }],
  ['a bareheaded kitten', { hat: 'none' }],
  ['a kitty with nothing on its head', { hat: 'none', helmet: false }],
  ['a kitten wearing some kind of headgear', { hat: 'some' }],
  ['a cosmonaut kitten', { helmet: true }],
  ['a feline spacewalker', { helmet: true }],
  ['a kitty going to the moon in its spacesuit', { helmet: true }],
  ['a scarlet kitten with a birthday cap', { colour: 'red', hat: 'party' }],
  ["a crimson feline in a sorcerer's cap", { colour: 'red', hat: 'wizard' }],
  ['a ruby cosmonaut kitty', { colour: 'red', helmet: true }],
  ['a tangerine cosmonaut kitten', { colour: 'orange', helmet: true }],
  ["an emerald kitten in a gentleman's cylinder", { colour: 'green', hat: 'top' }],
  ['a jade feline, bareheaded', { colour: 'green', hat: 'none' }],
  ['a navy kitty with a birthday cap', { colour: 'blue', hat: 'party' }],
  ['an azure spacewalker, feline', { colour: 'blue', helmet: true }],
  ["a snowy kitten with a sorcerer's cap", { colour: 'white', hat: 'wizard' }],
  [
    'an ivory kitty in a spacesuit, with a birthday cap',
    { colour: 'white', hat: 'party', helmet: true },
  ],
  ['an ebony feline with a stovepipe on its head', { colour: 'black', hat: 'top' }],
  ['a coal-coloured cosmonaut kitten', { colour: 'black', helmet: true }],
  [
    "a jet kitty in a spacesuit and a magician's cap",
    { colour: 'black', hat: 'wizard', helmet: true },
  ],
];

export const CAT_SAYINGS: readonly CatSaying[] = SAYINGS.map(([text, asked]) => ({
  text,
  constraint: constraintOf(asked),
}));

function constraintOf({ colour, hat, helmet }: Asked): Constraint {
  const some = HATS.filter((each) => each !== 'none');
  return {
    colours: colour ? [colour] : COLOURS,
    hats: hat === undefined ? HATS : hat === 'some' ? some : [hat],
    helmets: helmet === undefined ? [false, true] : [helmet],
  };
}
