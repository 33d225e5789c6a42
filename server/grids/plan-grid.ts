import type { MethodName, PresetName } from '../../policies/config/index.ts';
import { findMethod } from '../../policies/methods/index.ts';
import type { EncoderIdentity } from '../../policies/text/encoder.ts';
import { identifyProgram } from '../experiments/code.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { TrainRequest } from '../protocol/runs.ts';
import type { Workspace } from '../storage/workspace.ts';
import { defineRun } from '../training/create-run.ts';
import { type PlannedRun, plannedId } from './planned-run.ts';

/** Trainings of one grid. */
const MOST_RUNS = 1000;

/** What is crossed, and what all have in common. */
export interface GridRequest extends Omit<TrainRequest, 'policy' | 'preset' | 'seed'> {
  readonly policies: readonly MethodName[];
  readonly presets: readonly PresetName[];
  readonly seeds: readonly number[];
}

/** A training of a grid, under the id of its run. */
export interface GridRun {
  readonly id: string;
  readonly planned: PlannedRun;
}

/**
 * The trainings of a grid: presets × policies × seeds. What only some policies take, such as a teacher,
 * is for these.
 *
 * @param encoder as of `createRun`
 * @throws as `createRun`; ProtocolError 'invalid-request' for too many, or for what none of them takes
 */
export async function planGrid(
  { runs, datasets, place: { engine } }: Workspace,
  { policies, presets, seeds, ...common }: GridRequest,
  encoder?: EncoderIdentity,
): Promise<GridRun[]> {
  const [methods, sizes, starts] = [unique(policies), unique(presets), unique(seeds)];
  const count = methods.length * sizes.length * starts.length;
  if (count > MOST_RUNS) {
    throw new ProtocolError(
      'invalid-request',
      `grid: expected at most ${MOST_RUNS} trainings, got ${count}; train it in parts`,
    );
  }
  const choices = sharedOut(common, methods);
  const program = await identifyProgram('training');
  const planned: GridRun[] = [];
  for (const preset of sizes) {
    for (const policy of methods) {
      const request = { ...choices(policy), policy, preset, seed: starts[0] };
      const defined = await defineRun(runs, datasets, request, encoder);
      const { spec, training, dataset, teacher, from, warnings } = defined;
      for (const seed of starts) {
        const run = {
          ...{ policy, preset, spec, training: { ...training, seed }, dataset, warnings },
          ...(teacher && { teacher }),
          ...(from && { from }),
        };
        const each: PlannedRun = { format: 1, ...program, engine, run };
        planned.push({ id: plannedId(each), planned: each });
      }
    }
  }
  return planned;
}

function unique<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

type Common = Omit<GridRequest, 'policies' | 'presets' | 'seeds'>;

/** Choices that some policies alone have, and which these are. */
const CHOICES: Readonly<
  Record<'teacher' | 'flowTime' | 'prediction', (policy: MethodName) => boolean>
> = {
  teacher: (policy) => findMethod(policy).teacher !== undefined,
  flowTime: (policy) => findMethod(policy).objective.kind === 'flow',
  prediction: (policy) => findMethod(policy).objective.kind === 'diffusion',
};

/** @throws ProtocolError 'invalid-request' for a choice that none of the policies has */
function sharedOut(
  common: Common,
  policies: readonly MethodName[],
): (policy: MethodName) => Common {
  const names = (Object.keys(CHOICES) as (keyof typeof CHOICES)[]).filter(
    (name) => common[name] !== undefined,
  );
  for (const name of names) {
    if (policies.some(CHOICES[name])) continue;
    throw new ProtocolError(
      'invalid-request',
      `${name}: expected a policy among those trained that has the choice, got ${policies.join(', ')}; ` +
        'leave it out',
    );
  }
  return (policy) => {
    const left = names.filter((name) => !CHOICES[name](policy));
    return { ...common, ...Object.fromEntries(left.map((name) => [name, undefined])) };
  };
}
