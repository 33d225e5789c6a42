import type { NetworkSpec } from '../config/network.ts';
import type { ObjectiveSpec } from '../config/objective.ts';
import type { Path } from '../paths.ts';
import { DIFFUSION } from './diffusion.ts';
import { FLOW } from './flow.ts';
import { L2 } from './l2.ts';
import { LSTM } from './lstm.ts';
import type { Method } from './method.ts';
import { REFLOW } from './reflow.ts';

export type { Method } from './method.ts';

/**
 * Every method there is. The first three share network, data, budget and seeds and differ in what is
 * learnt alone.
 */
export const METHODS = [L2, DIFFUSION, FLOW, LSTM, REFLOW] as const satisfies readonly Method[];

export type MethodName = (typeof METHODS)[number]['name'];
export const METHOD_NAMES: readonly MethodName[] = METHODS.map(({ name }) => name);

const BY_NAME = new Map<string, Method>(METHODS.map((method) => [method.name, method]));

export function findMethod(name: MethodName): Method {
  const method = BY_NAME.get(name);
  if (method) return method;
  throw new Error(`expected a method of ${METHOD_NAMES.join(', ')}, got ${name}`);
}

/** How an objective is learnt and drawn from: by the first method that learns such a one. */
export function methodFor(objective: ObjectiveSpec): Method {
  const couplingOf = (each: ObjectiveSpec) =>
    each.kind === 'flow' && each.coupling === 'reflow' ? 'reflow' : 'independent';
  const found = METHODS.find(
    ({ objective: each }) =>
      each.kind === objective.kind && couplingOf(each) === couplingOf(objective),
  );
  if (found) return found;
  throw new Error(`expected an objective that some method learns, got ${objective.kind}`);
}

/** The path an objective learns on; null for a regression, which noises nothing. */
export function pathOf(objective: ObjectiveSpec): Path | null {
  return methodFor(objective).path(objective);
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
