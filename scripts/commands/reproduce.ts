import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { ensureDirectory, sha256, writeFileAtomic } from '../../demos/files/index.ts';
import type { Dataset } from '../../demos/store/index.ts';
import { encodePolicy } from '../../policies/checkpoint/index.ts';
import {
  METHOD_NAMES,
  type MethodName,
  PRESET_NAMES,
  PRESETS,
  type PresetName,
} from '../../policies/config/index.ts';
import { findMethod } from '../../policies/methods/index.ts';
import { limitConcurrency } from '../../server/jobs/parallel.ts';
import { generateRequestSchema } from '../../server/protocol/datasets.ts';
import { ProtocolError, StoppedError } from '../../server/protocol/errors.ts';
import type { Comparison } from '../../server/protocol/results.ts';
import { type Run, trainRequestSchema } from '../../server/protocol/runs.ts';
import type { PolicySource } from '../../server/protocol/sources.ts';
import { encodeManifest, type Manifest } from '../../server/storage/manifest.ts';
import { loadPolicy } from '../../server/storage/open-policy.ts';
import { openWorkspace, type Workspace } from '../../server/storage/workspace.ts';
import { createRun } from '../../server/training/create-run.ts';
import { startSeed, TASKS } from '../../sim/index.ts';
import { compareWithProgress, printComparison } from '../compare/table.ts';
import { generateWithProgress } from '../generate.ts';
import { interruptible } from '../interrupt.ts';
import {
  type CommonOptions,
  type EngineOptions,
  parseSource,
  policyList,
  SEED,
  wholeNumber,
  withCommon,
  withEngine,
} from '../options.ts';
import { directoryPath, refuseWithin } from '../paths.ts';
import { printJson } from '../table.ts';
import { VERSION } from '../version.ts';
import { trainWithProgress } from './train.ts';

interface ReproduceOptions extends CommonOptions, EngineOptions {
  readonly task: string;
  readonly preset: PresetName;
  readonly episodes: number;
  readonly steps?: number;
  readonly seed: number;
  readonly rollouts: number;
  readonly dataset: string;
  readonly policies: readonly MethodName[];
  readonly from?: string;
  readonly out: string;
}

export function defineReproduce(command: Command): void {
  withEngine(withCommon(command))
    .option('--task <name>', 'what is demonstrated', 'left-right')
    .addOption(
      new Option('--preset <name>', 'size and budget').choices([...PRESET_NAMES]).default('quick'),
    )
    .option('--episodes <n>', 'demonstrations', wholeNumber(2, 10_000), 200)
    .option('--steps <n>', "optimiser steps (default: the preset's)", wholeNumber(1, 10_000_000))
    .option('--seed <n>', 'seed of everything', SEED, 0)
    .option('--rollouts <n>', 'rollouts per policy in the comparison', wholeNumber(1, 10_000), 100)
    .option('--dataset <name>', 'name of the dataset to generate, or to reuse', 'reproduced')
    .option('--policies <list>', 'policies to train', policyList, [...METHOD_NAMES])
    .option(
      '--from <policy>',
      'start from the weights of this policy or run instead of random ones',
    )
    .option(
      '--out <dir>',
      'where to put checkpoints and manifests',
      directoryPath,
      './data/reproduced',
    )
    .action(reproduce);
}

async function reproduce(options: ReproduceOptions): Promise<void> {
  const message = 'stopping; what is finished is kept, the rest starts over at the next run';
  const { comparison, runs, seconds } = await interruptible(message, (signal) =>
    makeAll(options, signal),
  );
  report(comparison, runs, seconds, options);
}

interface Made {
  readonly comparison: Comparison;
  readonly runs: readonly Run[];
  readonly seconds: number;
}

/** @throws StoppedError where `signal` aborts */
async function makeAll(options: ReproduceOptions, signal: AbortSignal): Promise<Made> {
  const workspace = openWorkspace(options);
  const began = performance.now();
  await checkBeginning(workspace, options);
  await prepareDataset(workspace, options);
  const runs = await trainAll(workspace, options, signal);
  const lanes = runs.map(({ id }) => ({ policy: { kind: 'run' as const, id } }));
  const comparison = await compareWithProgress(lanes, options);
  const seconds = (performance.now() - began) / 1000;
  await writeFileAtomic(
    join(options.out, 'comparison.json'),
    `${JSON.stringify(comparison, null, 2)}\n`,
  );
  return { comparison, runs, seconds };
}

/**
 * The steps of small networks are too short for two cores to share, so a training has a core; one
 * more than there are cores at a time, so that three on two cores take as long as one and a half.
 * What learns from a policy that is trained here comes after it.
 */
async function trainAll(
  workspace: Workspace,
  options: ReproduceOptions,
  signal: AbortSignal,
): Promise<readonly Run[]> {
  const { policies } = options;
  const studentsOf = (teacher: MethodName) =>
    policies.filter((policy) => findMethod(policy).teacher === teacher);
  const students = policies.flatMap(studentsOf);
  const first = policies.filter((policy) => !students.includes(policy));
  const trained = await limitConcurrency(
    availableParallelism() + 1,
    // Teachers first: other trainings wait for them.
    [...first]
      .sort((a, b) => studentsOf(b).length - studentsOf(a).length)
      .map((policy) => async (ending: AbortSignal) => {
        const runs = [await trainOne(workspace, policy, options, { ending })];
        const teacher: PolicySource = { kind: 'run', id: runs[0].id };
        for (const student of studentsOf(policy)) {
          runs.push(await trainOne(workspace, student, options, { ending, teacher }));
        }
        return runs;
      }),
    signal,
  );
  const runs = trained.flat();
  return policies.flatMap((policy) => runs.filter((run) => run.policy === policy));
}

async function trainOne(
  workspace: Workspace,
  policy: MethodName,
  options: ReproduceOptions,
  { ending, teacher }: { readonly ending: AbortSignal; readonly teacher?: PolicySource },
): Promise<Run> {
  const { preset, steps, seed, dataset } = options;
  const from = options.from === undefined ? undefined : parseSource(options.from);
  const request = trainRequestSchema.parse({ policy, preset, steps, seed, dataset, teacher, from });
  const created = await createRun(workspace.runs, workspace.datasets, request);
  const run = await trainWithProgress(workspace, created, ending);
  if (run.status !== 'done') throw new StoppedError();
  await ship(workspace, run, options);
  return run;
}

/** Before hours of work. */
async function checkBeginning(
  workspace: Workspace,
  { from, policies, out }: ReproduceOptions,
): Promise<void> {
  for (const { root } of [workspace.datasets, workspace.runs]) {
    await refuseWithin(root, out, 'reproduce: expected a place outside the datasets and runs');
  }
  if (from === undefined) return;
  const { method: name } = await loadPolicy(workspace, parseSource(from));
  if (policies.every((policy) => policy === name)) return;
  throw new ProtocolError(
    'invalid-request',
    `from ${from}: expected --policies ${name}, as its weights begin, got ${policies.join(',')}`,
  );
}

async function prepareDataset(
  { place, datasets }: Workspace,
  { task, preset, dataset, episodes, seed }: ReproduceOptions,
): Promise<void> {
  const { controlHz = 20 } = PRESETS[preset];
  const known = (await datasets.list()).find(({ name }) => name === dataset);
  if (known) {
    checkDataset(await datasets.open(dataset), { task, episodes, seed, controlHz });
    process.stderr.write(`using the existing dataset ${dataset}\n`);
    return;
  }
  const request = generateRequestSchema.parse({ task, episodes, seed, out: dataset, controlHz });
  const made = await generateWithProgress(place, request);
  if (made.episodes < episodes) throw new StoppedError();
}

/** The manifest says what the checkpoints were made from: another dataset would make it lie. */
function checkDataset(
  { name, info, episodes }: Dataset,
  wanted: Pick<ReproduceOptions, 'task' | 'episodes' | 'seed'> & { readonly controlHz: number },
): void {
  const first = startSeed('demonstration', wanted.seed, 0);
  const fits =
    info.task === wanted.task &&
    info.controlHz === wanted.controlHz &&
    episodes.length === wanted.episodes;
  if (fits && episodes[0].seed === first) return;
  throw new ProtocolError(
    'conflict',
    `dataset "${name}": expected the ${wanted.episodes} episodes of seed ${wanted.seed} of ` +
      `${wanted.task} at ${wanted.controlHz} Hz, got ${episodes.length} of ${info.task} at ` +
      `${info.controlHz} Hz that begin with start ` +
      `${episodes[0]?.seed ?? 'none'}; ` +
      'remove it, or choose another name with --dataset',
  );
}

async function ship(
  workspace: Workspace,
  run: Run,
  { task, policies, out, preset, episodes, seed, steps, from }: ReproduceOptions,
): Promise<void> {
  const directory = join(out, nameToShip(run));
  await ensureDirectory(directory);
  const trained = await loadPolicy(workspace, { kind: 'run', id: run.id });
  const bytes = encodePolicy(trained);
  const manifest: Manifest = {
    policy: run.policy,
    command:
      `reproduce --task ${task} --policies ${policies.join(',')} --preset ${preset} ` +
      `--episodes ${episodes} --seed ${seed}` +
      (steps === undefined ? '' : ` --steps ${steps}`) +
      (from === undefined ? '' : ` --from ${from}`),
    version: VERSION,
    seed,
    dataset: { hash: run.dataset.hash, episodes: run.dataset.episodes },
    ...(run.from && { from: run.from }),
    engine: run.engine ?? 'unknown',
    steps: run.step,
    finalLoss: run.loss,
    seconds: Math.round(run.seconds),
    checkpointSha256: sha256(bytes),
  };
  await writeFileAtomic(join(directory, 'policy.safetensors'), bytes);
  await writeFileAtomic(join(directory, 'manifest.json'), encodeManifest(manifest));
}

/** What a checkpoint is called among those that ship. */
function nameToShip({ policy, preset, spec: { condition, task } }: Run): string {
  if (!condition) return task === TASKS[0].name ? policy : `${task}-${policy}`;
  if (preset === 'lesson') return `lesson-${policy}`;
  return `${condition.image ? 'seeing' : 'reading'}-${policy}`;
}

function report(
  comparison: Comparison,
  runs: readonly Run[],
  seconds: number,
  { json, out }: ReproduceOptions,
): void {
  if (json) {
    printJson({ seconds, runs, comparison });
    return;
  }
  printComparison(comparison, {});
  for (const { policy, loss, seconds: training } of runs) {
    process.stdout.write(
      `${policy}: loss ${loss?.toPrecision(3) ?? '–'}, trained in ${training.toFixed(0)} s\n`,
    );
  }
  process.stdout.write(
    `all of it in ${(seconds / 60).toFixed(1)} min; checkpoints are in ${out}\n`,
  );
}
