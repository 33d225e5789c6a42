import type { ObjectiveSpec } from '../config/policy.ts';
import { diffusion } from './diffusion.ts';
import { flow } from './flow.ts';
import type { Objective } from './objective.ts';
import { regression } from './regression.ts';

export type { Objective } from './objective.ts';

export function createObjective(spec: ObjectiveSpec): Objective {
  switch (spec.kind) {
    case 'regression':
      return regression;
    case 'diffusion':
      return diffusion(spec);
    case 'flow':
      return flow(spec);
  }
}
