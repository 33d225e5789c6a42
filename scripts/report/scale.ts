/** Where a value lies on a line of a plot, px. */
export type Scale = (value: number) => number;

/** Straight: the ends of the domain lie at the ends of the range. */
export function linearScale(
  [low, high]: readonly [number, number],
  [from, to]: readonly [number, number],
): Scale {
  const span = high - low;
  return (value) => (span === 0 ? (from + to) / 2 : from + ((value - low) / span) * (to - from));
}

/** Equal factors are equally far apart; both ends of the domain are above 0. */
export function logScale(
  [low, high]: readonly [number, number],
  range: readonly [number, number],
): Scale {
  const straight = linearScale([Math.log(low), Math.log(high)], range);
  return (value) => straight(Math.log(value));
}

/** What a share may be read off by: every 10, 20, 25 or 50 % of it, at most so many. */
export function shareTicks([low, high]: readonly [number, number], most = 6): number[] {
  const step = [0.02, 0.05, 0.1, 0.2, 0.25, 0.5, 1].find(
    (each) => Math.floor((high - low) / each + 1e-9) < most,
  );
  const by = step ?? 1;
  const first = Math.ceil(low / by - 1e-9);
  const count = Math.floor(high / by + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => Math.round((first + i) * by * 1e6) / 1e6);
}

/** From a tenth below the lowest of some shares to 1: what is above 50 % need not be drawn from 0. */
export function shareDomain(lows: readonly number[]): readonly [number, number] {
  const lowest = Math.min(1, ...lows);
  return [lowest < 0.5 ? 0 : Math.floor(lowest * 10 + 1e-9) / 10 - (lowest === 1 ? 0.1 : 0), 1];
}

/** As short as it can be said to a hundredth of a px. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}
