import { performance } from 'node:perf_hooks';
import type { Demonstration } from '../../demos/demonstration.ts';
import { findExpert } from '../../demos/experts/index.ts';
import { collectTakeovers, type Takeovers } from '../../server/evaluation/collect-takeovers.ts';
import { type ComparisonPlan, comparison } from '../../server/evaluation/comparison.ts';
import type { Evaluation } from '../../server/evaluation/evaluation.ts';
import { prepareEvaluation } from '../../server/evaluation/input.ts';
import type { CompareRequest } from '../../server/protocol/compare.ts';
import { generateRequestSchema } from '../../server/protocol/datasets.ts';
import { ProtocolError, StoppedError } from '../../server/protocol/errors.ts';
import type { Comparison } from '../../server/protocol/results.ts';
import { type Run, trainRequestSchema } from '../../server/protocol/runs.ts';
import { openWorkspace, type Workspace } from '../../server/storage/workspace.ts';
import { createRun } from '../../server/training/create-run.ts';
import { findTask } from '../../sim/index.ts';
import { trainWithProgress } from '../commands/train.ts';
import { evaluateWithProgress } from '../evaluate.ts';
import { generateWithProgress } from '../generate.ts';
import { interruptible } from '../interrupt.ts';
import { startProgress } from '../progress.ts';
import { percent } from '../table.ts';
import { machine } from './measure.ts';
import { type Outcomes, type TakeoverVerdict, takeoverVerdict } from './takeover-verdict.ts';

export interface TakeoverOptions {
  readonly data: string;
  readonly task: string;
  readonly demonstrations: number;
  /**
   * Where they begin: with the first object in the outermost part of where starts lie, to the robot's
   * right, as of a person who always puts it down at the same side. 1 is everywhere.
   */
  readonly part: number;
  /** Steps of the policy that is to be corrected. */
  readonly steps: number;
  readonly takeovers: number;
  /** Steps it is trained on with its corrections, and the control without. */
  readonly moreSteps: number;
  /** Of each policy, each from a start of its own. */
  readonly rollouts: number;
  /** Of demonstrations, weights and takeovers. */
  readonly seed: number;
  /** The whole is done so often, from `seed` and `evaluationSeed` on. */
  readonly seeds: number;
  /** Of the comparison's starts and noise. */
  readonly evaluationSeed: number;
}

/** What came of one seed. */
export interface TakeoverTrial {
  readonly seed: number;
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
  readonly verdict: TakeoverVerdict;
}

/** Its own figures are those of the first seed. */
export interface TakeoverReport extends Omit<TakeoverTrial, 'seed' | 'verdict'> {
  readonly machine: string;
  readonly load: readonly [before: number, after: number];
  readonly options: Omit<TakeoverOptions, 'data'>;
  readonly trials: readonly TakeoverTrial[];
  /** Of all seeds together, which have no start in common. */
  readonly verdict: TakeoverVerdict;
}

const POLICY = 'flow';

/**
 * What taking a policy by the hand is worth: few demonstrations, a policy trained on them, takeovers by
 * a scripted expert where it fails, and training that goes on from its weights on both; beside it the
 * same training without the takeovers, the control. Kept in the data directory, and demonstrations taken
 * up where they are there.
 *
 * @throws ProtocolError 'not-found' for a task without an expert
 */
export async function benchTakeovers(options: TakeoverOptions): Promise<TakeoverReport> {
  const { data: _, ...rest } = options;
  const { machine: name, load } = machine();
  const trials: TakeoverTrial[] = [];
  const outcomes: Outcomes[] = [];
  for (let i = 0; i < options.seeds; i++) {
    const [seed, evaluationSeed] = [options.seed + i, options.evaluationSeed + i];
    const { trial, outcome } = await tryTakeovers({ ...options, seed, evaluationSeed });
    trials.push(trial);
    const { control, corrected, correctedOverControl } = trial.verdict;
    process.stderr.write(
      `seed ${seed}: without corrections ${percent(control.rate)}, with ${percent(corrected.rate)}, ` +
        `p ${correctedOverControl.p.toPrecision(2)}\n`,
    );
    outcomes.push(outcome);
  }
  const [{ seed: __, verdict: ___, ...first }] = trials;
  return {
    ...first,
    machine: name,
    load: [load, machine().load],
    options: rest,
    trials,
    verdict: takeoverVerdict(outcomes),
  };
}

/** With one seed. */
async function tryTakeovers(
  options: TakeoverOptions,
): Promise<{ trial: TakeoverTrial; outcome: Outcomes }> {
  const { data, seed, rollouts } = options;
  const workspace = openWorkspace({ data, engine: 'compiled' });
  const names = datasetNames(options);
  await demonstrateOnce(workspace, options, names.demonstrated);
  const before = await train(workspace, options, names.demonstrated, null);
  const began = performance.now();
  const found = await correctPolicy(workspace, before, options);
  await workspace.datasets.derive(
    names.demonstrated,
    names.corrected,
    (episodes) => [...episodes, ...found.corrections],
    { interventions: true },
  );
  const corrected = await train(workspace, options, names.corrected, before);
  const seconds = (performance.now() - began) / 1000;
  const control = await train(workspace, options, names.demonstrated, before);
  const runs = { before: before.id, corrected: corrected.id, control: control.id };
  const policies = Object.values(runs).map((id) => ({ policy: { kind: 'run' as const, id } }));
  const compared = await evaluateWithProgress(
    withOutcomes,
    { policies, rollouts, starts: rollouts, seed: options.evaluationSeed },
    { data, engine: 'compiled' },
    { unit: 'rollouts', total: 3 * rollouts },
  );
  const trial = {
    seed,
    attempts: found.attempts,
    failures: found.failures,
    takeovers: found.corrections.map(({ intervention, length, mode }) => ({
      from: intervention?.indexOf(1) ?? 0,
      length,
      mode,
    })),
    seconds,
    runs,
    comparison: compared.comparison,
    verdict: takeoverVerdict([compared.outcome]),
  };
  return { trial, outcome: compared.outcome };
}

/** As `compare`, and what came of each start. */
const withOutcomes: Evaluation<
  CompareRequest,
  ComparisonPlan,
  { comparison: Comparison; outcome: Outcomes }
> = {
  plan: comparison.plan,
  conclude(plan, measured) {
    const [before, corrected, control] = measured.results.map((results) =>
      results.map(({ success }) => success),
    );
    const outcome = { before, corrected, control };
    return { comparison: comparison.conclude(plan, measured), outcome };
  },
};

function datasetNames({ task, demonstrations, part, seed, takeovers }: TakeoverOptions) {
  const demonstrated = `${task}-${demonstrations}-of-${Math.round(100 * part)}-percent-seed-${seed}`;
  const stamp = Date.now().toString(36);
  return { demonstrated, corrected: `${demonstrated}-and-${takeovers}-${stamp}` };
}

async function demonstrateOnce(
  { datasets, place }: Workspace,
  { task, demonstrations, part, seed }: TakeoverOptions,
  out: string,
): Promise<void> {
  const hashes = await datasets.hashes();
  if (hashes.has(out)) return;
  const episodes = Math.ceil(demonstrations / part);
  const all = `${out}-and-others`;
  if (!hashes.has(all)) {
    const made = await generateWithProgress(
      place,
      // Nobody pushes the hand of a person who demonstrates.
      generateRequestSchema.parse({ task, episodes, seed, out: all, pushes: false }),
    );
    if (made.episodes < episodes) throw new StoppedError();
  }
  await datasets.derive(all, out, (made) => outermost(made, demonstrations));
}

/** Those whose first object begins farthest to the robot's right; pairs of one start stay together. */
function outermost(made: readonly Demonstration[], count: number): readonly Demonstration[] {
  const across = ({ initial }: Demonstration) => initial.objects[0][1];
  return [...made].sort((a, b) => across(a) - across(b)).slice(0, count);
}

async function train(
  workspace: Workspace,
  { steps, moreSteps, seed }: TakeoverOptions,
  dataset: string,
  from: Run | null,
): Promise<Run> {
  const request = trainRequestSchema.parse({
    ...{ policy: POLICY, preset: 'quick', dataset, seed, steps: from ? moreSteps : steps },
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
