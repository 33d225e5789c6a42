import { performance } from 'node:perf_hooks';
import { findExpert } from '../../demos/experts/index.ts';
import { collectTakeovers, type Takeovers } from '../../server/evaluation/collect-takeovers.ts';
import { prepareEvaluation } from '../../server/evaluation/input.ts';
import { generateRequestSchema } from '../../server/protocol/datasets.ts';
import { ProtocolError, StoppedError } from '../../server/protocol/errors.ts';
import type { Comparison } from '../../server/protocol/results.ts';
import { type Run, trainRequestSchema } from '../../server/protocol/runs.ts';
import { openWorkspace, type Workspace } from '../../server/storage/workspace.ts';
import { createRun } from '../../server/training/create-run.ts';
import { findTask } from '../../sim/index.ts';
import { trainWithProgress } from '../commands/train.ts';
import { compareWithProgress } from '../compare/table.ts';
import { generateWithProgress } from '../generate.ts';
import { interruptible } from '../interrupt.ts';
import { startProgress } from '../progress.ts';
import { machine } from './measure.ts';

export interface TakeoverOptions {
  readonly data: string;
  readonly task: string;
  readonly demonstrations: number;
  /** Steps of the policy that is to be corrected. */
  readonly steps: number;
  readonly takeovers: number;
  /** Steps it is trained on with its corrections, and the control without. */
  readonly moreSteps: number;
  /** Of each policy, each from a start of its own. */
  readonly rollouts: number;
  readonly seed: number;
  /** Of the comparison's starts and noise. */
  readonly evaluationSeed: number;
}

export interface TakeoverReport {
  readonly machine: string;
  readonly load: readonly [before: number, after: number];
  readonly options: Omit<TakeoverOptions, 'data'>;
  /** Episodes that the policy was let act for, and those of them that failed. */
  readonly attempts: number;
  readonly failures: number;
  readonly takeovers: readonly {
    /** Control step from which on the expert acted, and the steps of the episode. */
    readonly from: number;
    readonly length: number;
    readonly mode: string | null;
  }[];
  /** From looking for failures to the end of the training on the corrections, s. */
  readonly seconds: number;
  readonly runs: Readonly<Record<'before' | 'corrected' | 'control', string>>;
  /** Before, corrected, and trained as long without corrections: on the same starts and noise. */
  readonly comparison: Comparison;
}

const POLICY = 'flow';

/**
 * What taking a policy by the hand is worth: few demonstrations, a policy trained on them, takeovers by
 * a scripted expert where it fails, and training that goes on from its weights on both; beside it the
 * same training without the takeovers. Kept in the data directory, and taken up where it is there.
 *
 * @throws ProtocolError 'not-found' for a task without an expert
 */
export async function benchTakeovers(options: TakeoverOptions): Promise<TakeoverReport> {
  const { data, ...rest } = options;
  const { rollouts } = rest;
  const { machine: name, load } = machine();
  const workspace = openWorkspace({ data, engine: 'compiled' });
  const names = datasetNames(options);
  await demonstrateOnce(workspace, options, names.demonstrated);
  const before = await train(workspace, options.steps, names.demonstrated, null);
  const began = performance.now();
  const found = await correctPolicy(workspace, before, options);
  await workspace.datasets.derive(
    names.demonstrated,
    names.corrected,
    (episodes) => [...episodes, ...found.corrections],
    { interventions: true },
  );
  const corrected = await train(workspace, options.moreSteps, names.corrected, before);
  const seconds = (performance.now() - began) / 1000;
  const control = await train(workspace, options.moreSteps, names.demonstrated, before);
  const runs = { before: before.id, corrected: corrected.id, control: control.id };
  const comparison = await compareWithProgress(
    Object.values(runs).map((id) => ({ policy: { kind: 'run', id } })),
    {
      ...{ data, engine: 'compiled', rollouts, starts: rollouts },
      seed: options.evaluationSeed,
    },
  );
  return {
    machine: name,
    load: [load, machine().load],
    options: rest,
    attempts: found.attempts,
    failures: found.failures,
    takeovers: found.corrections.map(({ intervention, length, mode }) => ({
      from: intervention?.indexOf(1) ?? 0,
      length,
      mode,
    })),
    seconds,
    runs,
    comparison,
  };
}

function datasetNames({ task, demonstrations, seed, takeovers }: TakeoverOptions) {
  const demonstrated = `${task}-${demonstrations}-seed-${seed}`;
  const stamp = Date.now().toString(36);
  return { demonstrated, corrected: `${demonstrated}-and-${takeovers}-${stamp}` };
}

async function demonstrateOnce(
  { datasets, place }: Workspace,
  { task, demonstrations: episodes, seed }: TakeoverOptions,
  out: string,
): Promise<void> {
  if ((await datasets.hashes()).has(out)) return;
  const made = await generateWithProgress(
    place,
    // Nobody pushes the hand of a person who demonstrates.
    generateRequestSchema.parse({ task, episodes, seed, out, pushes: false }),
  );
  if (made.episodes < episodes) throw new StoppedError();
}

async function train(
  workspace: Workspace,
  steps: number,
  dataset: string,
  from: Run | null,
): Promise<Run> {
  const request = trainRequestSchema.parse({
    ...{ policy: POLICY, preset: 'quick', dataset, steps },
    ...(from && { from: { kind: 'run', id: from.id } }),
  });
  const created = await createRun(workspace.runs, workspace.datasets, request);
  const run = await trainWithProgress(workspace, created);
  if (run.status !== 'done') throw new StoppedError();
  return run;
}

async function correctPolicy(
  { place }: Workspace,
  { id }: Run,
  { task: name, seed, takeovers }: TakeoverOptions,
): Promise<Takeovers> {
  const task = findTask(name);
  const expert = findExpert(name);
  if (!expert) {
    throw new ProtocolError('not-found', `task ${name} has no scripted expert to take over`);
  }
  const actionHorizon = 20;
  const { rapier, policy } = await prepareEvaluation({
    ...{ place, actionHorizon, seed, sampler: null },
    source: { kind: 'run', id },
  });
  const progress = startProgress('takeovers', takeovers);
  try {
    return await interruptible('stopping', async (signal) => {
      const found = await collectTakeovers(
        {
          ...{ rapier, task, expert, policy, actionHorizon, seed, takeovers },
          attempts: 20 * takeovers,
          variation: 0,
        },
        (made) => progress.update(made),
        signal,
      );
      signal.throwIfAborted();
      return found;
    });
  } finally {
    progress.stop();
  }
}
