import { cameraShift, cameraTurn, light } from './camera.ts';
import { controlDelay } from './control-delay.ts';
import { friction } from './friction.ts';
import { mass } from './mass.ts';
import type { PerturbationKind } from './perturbation.ts';
import { armPush, push } from './push.ts';
import { sensorNoise } from './sensor-noise.ts';

export type { Draws, EpisodeBodies, Moment, PerturbationKind } from './perturbation.ts';

/** Every kind, in the order in which they are named and act. */
const ALL = [
  mass,
  friction,
  sensorNoise,
  push,
  armPush,
  controlDelay,
  cameraShift,
  cameraTurn,
  light,
] as const satisfies readonly PerturbationKind[];

export type PerturbationName = (typeof ALL)[number]['name'];

export interface KnownPerturbation extends PerturbationKind {
  readonly name: PerturbationName;
}

export const PERTURBATIONS: readonly KnownPerturbation[] = ALL;

/** What is otherwise in a rollout: magnitudes by the names of their kinds, one at least. */
export type Perturbation = Readonly<Partial<Record<PerturbationName, number>>>;

/** What a perturbation consists of. */
export interface PerturbationPart {
  readonly kind: KnownPerturbation;
  readonly magnitude: number;
}

/** What rollouts without a perturbation are called where others have one: the control. */
export const UNPERTURBED = 'none';

/** In the order of the kinds. */
export function partsOf(perturbation: Perturbation): PerturbationPart[] {
  return PERTURBATIONS.flatMap((kind) => {
    const magnitude = perturbation[kind.name];
    return magnitude === undefined ? [] : [{ kind, magnitude }];
  });
}

/** "mass=2+friction=0.5", which `parsePerturbation` reads; "none" for none. */
export function formatPerturbation(perturbation: Perturbation | undefined): string {
  if (!perturbation) return UNPERTURBED;
  return partsOf(perturbation)
    .map(({ kind, magnitude }) => `${kind.name}=${magnitude}`)
    .join('+');
}

/**
 * @returns null for "none"; what is wrong, in a sentence, for a name that there is not or twice, and for
 *          a magnitude outside of its range
 */
export function parsePerturbation(text: string): Perturbation | null | string {
  if (text === UNPERTURBED) return null;
  const magnitudes: Partial<Record<PerturbationName, number>> = {};
  for (const part of text.split('+')) {
    const [, name, number] = /^([a-z-]+)=(-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)$/.exec(part) ?? [];
    const kind = PERTURBATIONS.find((each) => each.name === name);
    if (!kind) {
      return (
        `perturbation: expected ${UNPERTURBED}, or NAME=MAGNITUDE, several joined by "+", with one of ` +
        `${PERTURBATIONS.map((each) => each.name).join(', ')}, got "${part.slice(0, 80)}"`
      );
    }
    if (magnitudes[kind.name] !== undefined) {
      return `perturbation: expected ${kind.name} once, got "${text.slice(0, 200)}"`;
    }
    magnitudes[kind.name] = Number(number);
  }
  return problemOf(magnitudes) ?? magnitudes;
}

/** What is wrong with magnitudes: one outside of its range, or none at all; null where nothing is. */
export function problemOf(perturbation: Perturbation): string | null {
  const parts = partsOf(perturbation);
  if (parts.length === 0) return 'perturbation: expected a magnitude, got none';
  for (const { kind, magnitude } of parts) {
    const [least, most] = kind.range;
    const sound = !kind.whole || Number.isInteger(magnitude);
    if (sound && magnitude >= least && magnitude <= most) continue;
    const expected = `${least} to ${most} ${kind.whole ? 'whole ' : ''}${kind.unit}`;
    return `perturbation ${kind.name}: expected ${expected}, got ${magnitude}`;
  }
  return null;
}

/** Whether rollouts from one start differ by what it draws. */
export function isDrawn(perturbation: Perturbation | undefined): boolean {
  return perturbation !== undefined && partsOf(perturbation).some(({ kind }) => kind.drawn);
}
