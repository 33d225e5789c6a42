import type { Task } from '../../sim/index.ts';
import {
  COMMAND,
  FACTS,
  type Feature,
  featuresOf,
  INTERVENTION,
  SUCCESS,
} from '../store/features.ts';
import type { Description } from './description.ts';

const NAMES: ReadonlySet<string> = new Set([COMMAND, FACTS, INTERVENTION, SUCCESS]);

/** Columns that are read besides those that are learnt from, where they are there. */
export interface SideColumns {
  readonly names: ReadonlySet<string>;
  /** Columns of such a name that mean something else, each with why. */
  readonly others: readonly string[];
}

/** Those that are declared of the type and width that they have in a task's datasets here. */
export function chooseSide({ features }: Description, task: Task): SideColumns {
  const names = new Set<string>();
  const others: string[] = [];
  const extras = { camera: null, interventions: true, facts: true };
  for (const { name, dtype, width } of featuresOf(task, extras)) {
    const declared = NAMES.has(name) ? features.get(name) : undefined;
    if (!declared) continue;
    if (isLike(declared.dtype, dtype) && declared.width === width) names.add(name);
    else {
      others.push(`${name} (${dtype} [${width}], there ${declared.dtype} [${declared.width}])`);
    }
  }
  return { names, others };
}

function isLike(declared: string, own: Feature['dtype']): boolean {
  return declared === own || (own === 'float32' && declared === 'float64');
}
