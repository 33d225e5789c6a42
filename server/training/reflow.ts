import type { DatasetInfo } from '../../demos/store/index.ts';
import type { Engine } from '../../policies/engine/index.ts';
import { findMethod } from '../../policies/methods/index.ts';
import type { Flow } from '../../policies/training/reflow.ts';
import { straightness } from '../../policies/training/straightness.ts';
import type { TrainingWindows } from '../../policies/training/windows.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Run, TrainRequest } from '../protocol/runs.ts';
import { nameOfSource, type PolicySource } from '../protocol/sources.ts';
import type { RunStore } from '../storage/run-store.ts';
import { type Origin, takeOrigin } from './origin.ts';

/** Paths a reflow's straightness is measured on. */
const STRAIGHTNESS_PATHS = 256;

/** The flow that ships. */
const DEFAULT_TEACHER: PolicySource = { kind: 'shipped', name: 'flow' };

/**
 * The flow a new reflow is to learn from; null for other policies.
 *
 * @throws ProtocolError 'invalid-request' for a teacher of what is no reflow; 'conflict' where it is
 *         no flow, reads instructions, or knows another task or control rate than the dataset
 */
export async function chooseTeacher(
  runs: RunStore,
  { policy: student, teacher }: TrainRequest,
  { name, task, controlHz }: DatasetInfo,
): Promise<Origin | null> {
  if (!findMethod(student).teacher) {
    if (teacher === undefined) return null;
    throw new ProtocolError(
      'invalid-request',
      `teacher: only reflow learns from another policy, got one for ${student}`,
    );
  }
  const source = teacher ?? DEFAULT_TEACHER;
  const origin = await takeOrigin(runs, source);
  const { spec } = origin.policy;
  if (spec.objective.kind !== 'flow') {
    throw new ProtocolError(
      'conflict',
      `teacher ${nameOfSource(source)}: expected a flow, whose chunks follow from their noise, got ` +
        `${spec.objective.kind}; name a run of the policy flow`,
    );
  }
  if (spec.task !== task || spec.controlHz !== controlHz) {
    throw new ProtocolError(
      'conflict',
      `teacher ${nameOfSource(source)}: expected ${task} at ${controlHz} Hz as in dataset ${name}, ` +
        `got ${spec.task} at ${spec.controlHz} Hz`,
    );
  }
  if (spec.condition) {
    throw new ProtocolError(
      'conflict',
      `teacher ${nameOfSource(source)}: expected a flow that acts from numbers alone, got one with a ` +
        'condition; reflow draws its pairs without instructions',
    );
  }
  return origin;
}

/** S of the teacher and of what came of it, on paths from observations spread over all windows. */
export async function measureStraightness(
  engine: Engine,
  flow: Pick<Flow, 'network' | 'shape'>,
  { before, after }: { before: Float32Array; after: Float32Array },
  { windows, seed }: { windows: TrainingWindows; seed: number },
): Promise<NonNullable<Run['straightness']>> {
  const observations = spread(windows, STRAIGHTNESS_PATHS);
  return {
    before: await straightness(engine, { ...flow, weights: before }, observations, seed),
    after: await straightness(engine, { ...flow, weights: after }, observations, seed),
  };
}

/** Observations of `wanted` windows, evenly spread over all. */
function spread({ count, observations }: TrainingWindows, wanted: number): Float32Array {
  const size = observations.length / count;
  const rows = Math.min(wanted, count);
  const chosen = new Float32Array(rows * size);
  for (let i = 0; i < rows; i++) {
    const window = Math.floor((i * count) / rows);
    chosen.set(observations.subarray(window * size, (window + 1) * size), i * size);
  }
  return chosen;
}
