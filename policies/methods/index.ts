import type { NetworkSpec } from '../config/network.ts';
import type { ObjectiveSpec } from '../config/objective.ts';
import type { Path } from '../paths.ts';
import { DIFFUSION, DIFFUSION_LEARNING } from './diffusion.ts';
import { FLOW, FLOW_LEARNING } from './flow.ts';
import { L2, L2_LEARNING } from './l2.ts';
import { LSTM } from './lstm.ts';
import type { Learning, Method } from './method.ts';
import { REFLOW, REFLOW_LEARNING } from './reflow.ts';

export type { Method } from './method.ts';

/**
 * Every method there is. The first three share network, data, budget and seeds and differ in what is
 * learnt alone.
 */
export const METHODS = [L2, DIFFUSION, FLOW, LSTM, REFLOW] as const satisfies readonly Method[];

export type MethodName = (typeof METHODS)[number]['name'];
export const METHOD_NAMES: readonly MethodName[] = METHODS.map(({ name }) => name);

/** Apart from the methods, so that what reads those carries none of it. */
const LEARNING: Readonly<Record<MethodName, Learning>> = {
  l2: L2_LEARNING,
  diffusion: DIFFUSION_LEARNING,
  flow: FLOW_LEARNING,
  lstm: L2_LEARNING,
  reflow: REFLOW_LEARNING,
};

export function findMethod(name: MethodName): Method {
  const method = METHODS.find((each) => each.name === name);
  if (method) return method;
  throw new Error(`expected a method of ${METHOD_NAMES.join(', ')}, got ${name}`);
}

/**
 * The first of the methods that learn such an objective. All of them learn it alike and draw from it
 * alike, so that an objective alone is enough where there is no policy: in the lesson, in an export.
 */
function learnerOf(objective: ObjectiveSpec): Method & { readonly name: MethodName } {
  const couplingOf = (each: ObjectiveSpec) =>
    each.kind === 'flow' && each.coupling === 'reflow' ? 'reflow' : 'independent';
  const found = METHODS.find(
    ({ objective: each }) =>
      each.kind === objective.kind && couplingOf(each) === couplingOf(objective),
  );
  if (found) return found;
  throw new Error(`expected an objective that some method learns, got ${objective.kind}`);
}

/** "diffusion, v, K = 100" */
export function describeObjective(name: MethodName): string {
  const { objective, describe } = findMethod(name);
  return describe?.(objective) ?? objective.kind;
}

/** How an objective is learnt. */
export function learningOf(objective: ObjectiveSpec): Learning {
  return LEARNING[learnerOf(objective).name];
}

/** How chunks can be drawn from what has learnt an objective, the usual way first. */
export function samplersFor(objective: ObjectiveSpec): Method['samplers'] {
  return learnerOf(objective).samplers;
}

/** The path an objective learns on; null for a regression, which noises nothing. */
export function pathOf(objective: ObjectiveSpec): Path | null {
  return learningOf(objective).path(objective);
}

/**
 * The method of a policy that was written before checkpoints named it. Nothing else may infer it.
 */
export function migrateMethod({
  objective,
  network,
}: {
  readonly objective: ObjectiveSpec;
  readonly network: Pick<NetworkSpec, 'kind'>;
}): MethodName {
  if (network.kind === 'lstm') return 'lstm';
  if (objective.kind === 'diffusion') return 'diffusion';
  if (objective.kind === 'flow') return objective.coupling === 'reflow' ? 'reflow' : 'flow';
  return 'l2';
}
