import { type Cat, sampleCat } from '../../demos/cats/index.ts';
import { Random } from '../../policies/random.ts';

/** What no caption tells, as two cats differ in it: a squared distance, or whether they do. */
const APART = {
  place: (a: Cat, b: Cat) => (a.x - b.x) ** 2 + (a.y - b.y) ** 2,
  size: (a: Cat, b: Cat) => (a.size - b.size) ** 2,
  tilt: (a: Cat, b: Cat) => (a.tilt - b.tilt) ** 2,
  pose: (a: Cat, b: Cat) => Number(a.pose !== b.pose || a.mirrored !== b.mirrored),
  eyes: (a: Cat, b: Cat) => Number(eyesOf(a) !== eyesOf(b)),
  background: (a: Cat, b: Cat) => Number(a.background.place !== b.background.place),
} as const satisfies Record<string, (a: Cat, b: Cat) => number>;

export type Nuisance = keyof typeof APART;
export const NUISANCE_NAMES = Object.keys(APART) as Nuisance[];

/** The colour of closed eyes does not show. */
function eyesOf({ eyes, eyeColour }: Cat): string {
  return eyes === 'happy' ? eyes : eyeColour;
}

/** 1: pictures of one caption differ as true cats do; 0: not at all. Null where there are no two. */
export interface Diversity {
  /** Mean of the nuisances' own. */
  readonly mean: number | null;
  readonly of: Readonly<Record<Nuisance, number | null>>;
}

/**
 * How much pictures of the same caption differ in what it does not tell: Rao's quadratic entropy of each
 * nuisance, as a share of that of true cats. Of a number that is its variance, of a kind the chance that two
 * differ.
 *
 * @param groups cats of one caption each, as they were read off accepted pictures
 * @see Rao 1982, "Diversity and dissimilarity coefficients", Theoretical Population Biology 21
 */
export function diversityOf(groups: readonly (readonly Cat[])[]): Diversity {
  const pairs = groups.flatMap((cats) =>
    cats.flatMap((a, i) => cats.slice(i + 1).map((b) => [a, b] as const)),
  );
  const of = Object.fromEntries(
    NUISANCE_NAMES.map((name) => {
      const apart = pairs.map(([a, b]) => APART[name](a, b));
      return [name, pairs.length > 0 ? meanOf(apart) / trueApart()[name] : null];
    }),
  ) as Record<Nuisance, number | null>;
  const known = Object.values(of).filter((value) => value !== null);
  return { mean: known.length > 0 ? meanOf(known) : null, of };
}

/** Pairs of true cats that are compared: their mean is within about 2 % of its limit. */
const PAIRS = 8192;
let known: Readonly<Record<Nuisance, number>> | null = null;

/** How far two true cats are apart; nuisances do not depend on attributes. */
function trueApart(): Readonly<Record<Nuisance, number>> {
  if (known) return known;
  const random = Random.of(0);
  const pairs = Array.from({ length: PAIRS }, () => [sampleCat(random), sampleCat(random)]);
  known = Object.fromEntries(
    NUISANCE_NAMES.map((name) => [name, meanOf(pairs.map(([a, b]) => APART[name](a, b)))]),
  ) as Record<Nuisance, number>;
  return known;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
