/** Perturbations as they are being put together: some may not be ones yet. */
import { signal } from '@preact/signals';
// Not from the index: it would bring the physics.
import {
  PERTURBATIONS,
  type PerturbationName,
  parsePerturbation,
} from '../../../sim/perturbations/index.ts';

/** One kind with its magnitude; null where what was typed is no number. */
export interface DraftPart {
  readonly name: PerturbationName;
  readonly magnitude: number | null;
}

/** What is otherwise at once: several parts are one perturbation. */
export type Draft = readonly DraftPart[];

/** Magnitudes that show something, where there is experience; another kind begins at a tenth of its range. */
const USUAL: Partial<Record<string, number>> = {
  mass: 4,
  friction: 0.5,
  'sensor-noise': 0.01,
  push: 0.005,
  'arm-push': 10,
  'control-delay': 4,
  'camera-shift': 0.05,
  'camera-turn': 0.05,
  light: 0.5,
};

/** As long as the page is open, whichever panel is. */
export const drafts = signal<readonly Draft[]>([]);

export function usualMagnitude(name: PerturbationName): number {
  const [, most] = rangeOf(name);
  return USUAL[name] ?? Number((most / 10).toPrecision(2));
}

export function rangeOf(name: PerturbationName): readonly [least: number, most: number] {
  return kindOf(name).range;
}

export function kindOf(name: PerturbationName) {
  const kind = PERTURBATIONS.find((each) => each.name === name);
  if (!kind) throw new Error(`expected a kind of perturbation, got ${name}`);
  return kind;
}

/** A kind that a draft does not have yet; the first one where it has all. */
export function unusedKind(taken: readonly string[]): PerturbationName {
  return (PERTURBATIONS.find(({ name }) => !taken.includes(name)) ?? PERTURBATIONS[0]).name;
}

/** As requests have it, NAME=MAGNITUDE joined by "+"; null for what is none yet. */
export function textOf(draft: Draft): string | null {
  if (draft.some(({ magnitude }) => magnitude === null)) return null;
  const text = draft.map(({ name, magnitude }) => `${name}=${magnitude}`).join('+');
  return typeof parsePerturbation(text) === 'string' ? null : text;
}
