import { formatPerturbation } from '../../sim/index.ts';
import { runOf } from '../protocol/sources.ts';
import { type Contender, samplerKind } from './plan.ts';

/** What contenders may differ in besides the policy and its sampler. */
export const AXES = [
  'nfe',
  'actionHorizon',
  'guidance',
  'scheme',
  'delay',
  'perturbation',
] as const;
export type Axis = (typeof AXES)[number];

/** Axes of numbers, along which a curve can be drawn. */
export type NumericAxis = Exclude<Axis, 'scheme' | 'perturbation'>;

/** Where a contender lies on an axis; null where the axis is not its own. */
export function placeOn(axis: Axis, contender: Contender): number | string | null {
  switch (axis) {
    case 'scheme':
      return contender.chunking?.scheme ?? null;
    case 'delay':
      return contender.chunking?.delay ?? null;
    case 'perturbation':
      return contender.perturbation ? formatPerturbation(contender.perturbation) : null;
    default:
      return contender[axis];
  }
}

/** Places that some contenders have on an axis: numbers ascending, words in the order they come. */
export function placesOn(axis: Axis, contenders: readonly Contender[]): (number | string)[] {
  const places = [...new Set(contenders.flatMap((each) => placeOn(axis, each) ?? []))];
  return axis === 'scheme' || axis === 'perturbation'
    ? places
    : places.sort((a, b) => Number(a) - Number(b));
}

/** Axes on which some contenders have several places, or some a place and others none. */
export function varyingAxes(contenders: readonly Contender[]): Axis[] {
  return AXES.filter((axis) => new Set(contenders.map((each) => placeOn(axis, each))).size > 1);
}

/** Contenders of one policy that are drawn by one sampler. */
export interface Group {
  /** "flow", or "flow euler" where the policy is drawn by several samplers. */
  readonly name: string;
  readonly policy: string;
  /** Places among the contenders, ascending. */
  readonly members: readonly number[];
}

/** The contenders by policy and sampler, in the order in which these come. */
export function groupsOf(contenders: readonly Contender[]): Group[] {
  const drawn = contenders.map((each) => {
    return { policy: policyName(each), sampler: samplerKind(each) ?? '' };
  });
  const keys = [...new Set(drawn.map((each) => JSON.stringify(each)))];
  return keys.map((key) => {
    const { policy, sampler }: (typeof drawn)[number] = JSON.parse(key);
    const several = keys.filter((other) => JSON.parse(other).policy === policy).length > 1;
    return {
      policy,
      name: several ? `${policy} ${sampler}` : policy,
      members: drawn.flatMap((each, i) => (JSON.stringify(each) === key ? i : [])),
    };
  });
}

/** What a policy is called: a run by its id. */
export function policyName({ source, name }: Contender): string {
  return runOf(source) ?? name;
}

/** Two groups, and what their contenders of equal settings are to one another. */
export interface Match {
  /** Places among the groups. */
  readonly one: number;
  readonly other: number;
  /** Places among the contenders: of the one, of the other. */
  readonly pairs: readonly (readonly [number, number])[];
}

/**
 * Every two groups with the contenders of both that have the same place on every axis. A group that has
 * but one place on an axis, as one that draws with one network call, is held against all of the other's.
 */
export function matchGroups(contenders: readonly Contender[], groups: readonly Group[]): Match[] {
  const axes = varyingAxes(contenders);
  const of = ({ members }: Group) => members.map((i) => contenders[i]);
  const spread = groups.map((group) => new Set(varyingAxes(of(group))));
  return groups.flatMap((a, one) =>
    groups.slice(one + 1).map((b, k) => {
      const other = one + 1 + k;
      const shared = axes.filter((axis) => spread[one].has(axis) && spread[other].has(axis));
      const pairs = a.members.flatMap((i) =>
        b.members
          .filter((j) =>
            shared.every((axis) => placeOn(axis, contenders[i]) === placeOn(axis, contenders[j])),
          )
          .map((j) => [i, j] as const),
      );
      return { one, other, pairs };
    }),
  );
}
