import { SpecError } from '../../policies/config/index.ts';
import { evaluationsOf } from '../../policies/drawing.ts';
import { formatPerturbation, type Perturbation } from '../../sim/index.ts';
import {
  type Contender as Compared,
  findPolicy,
  fitComparison,
  type KnownPolicy,
  resultName,
} from '../evaluation/comparison.ts';
import { checkChunking } from '../evaluation/delays.ts';
import { countStarts } from '../evaluation/evaluate.ts';
import { checkNoticed, variesWith } from '../evaluation/robustness.ts';
import type { Chunking } from '../protocol/chunking.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { formatLaneEntry } from '../protocol/lane-entry.ts';
import { type PolicySource, runOf, sameSource, sourceName } from '../protocol/sources.ts';
import type { Lane } from '../protocol/stage.ts';
import { policyDigest } from '../storage/open-policy.ts';
import type { Workspace } from '../storage/workspace.ts';
import { identifyProgram } from './code.ts';
import {
  type Contender,
  contenderName,
  type ExperimentPlan,
  MOST_CONTENDERS,
  sameActing,
} from './plan.ts';
import { type TrainedAs, trainedAs } from './training-seeds.ts';

/** What is asked of an experiment: lists are crossed. */
export interface ExperimentRequest {
  /** Policies and how their chunks are drawn. */
  readonly lanes: readonly Lane[];
  /** Ta, control steps; null is the usual one of them all: 1 s, at most the shortest plan. */
  readonly actionHorizons: readonly (number | null)[];
  /** w; null asks for none. */
  readonly guidances: readonly (number | null)[];
  /** What the arm does while a plan is made; null: each plan is there at once. */
  readonly chunkings: readonly (Chunking | null)[];
  /** Beside the control, which is always there. @default none */
  readonly perturbations?: readonly Perturbation[];
  readonly rollouts: number;
  /** @default about √rollouts */
  readonly starts?: number | undefined;
  readonly seed: number;
  readonly instruction?: string | undefined;
  /** Rollouts that advance together. */
  readonly batch: number;
  /** Rollouts of one shard. */
  readonly shardSize: number;
  /** Refuse what a policy cannot do in the place of leaving it out. @default false */
  readonly whole?: boolean;
}

/** One of each list. */
interface Combination {
  readonly lane: Lane;
  readonly actionHorizon: number | null;
  readonly guidance: number | null;
  readonly chunking: Chunking | null;
  readonly perturbation: Perturbation | null;
}

/**
 * Crosses what is asked for. A combination that a policy cannot do, or that is another one by another
 * name, is left out, and the plan says so; where nothing is crossed it is refused.
 *
 * @param found policies that need not be looked for again
 * @throws ProtocolError, SpecError as `planComparison`; 'invalid-request' also for a policy of which
 *         nothing is left
 * @cost 0.2 s a policy that was not found yet
 */
export async function planExperiment(
  workspace: Workspace,
  request: ExperimentRequest,
  found: readonly KnownPolicy[] = [],
): Promise<ExperimentPlan> {
  const { rollouts, seed, batch, shardSize, instruction, whole = false } = request;
  const combinations = crossAll(request);
  const policies = await knowAll(workspace, request.lanes, found);
  const grid = { rollouts, starts: request.starts, seed, instruction };
  const { place } = workspace;
  // All of them, as different tasks, rates and unknown words are nobody's to leave out.
  const base = fitComparison(
    place,
    { ...grid, policies: policies.map(({ source }) => ({ policy: source })) },
    policies,
  );
  const contenders: Contender[] = [];
  const leftOut: { readonly combination: Combination; readonly reason: string }[] = [];
  for (const combination of combinations) {
    const { lane, guidance, chunking, perturbation } = combination;
    const known = policies.filter(({ source }) => sameSource(source, lane.policy));
    const actionHorizon = combination.actionHorizon ?? base.actionHorizon;
    const asked = { ...lane, ...(guidance !== null && { guidance }) };
    try {
      const fitted = fitComparison(place, { ...grid, policies: [asked], actionHorizon }, known);
      if (chunking) checkChunking(chunking, known[0].about, actionHorizon);
      if (perturbation) checkNoticed(perturbation, known[0].about);
      const contender = contenderOf(fitted.contenders[0], known[0], combination);
      const twin = contenders.find((each) => sameActing(each, contender));
      if (!twin) contenders.push(contender);
      else leftOut.push({ combination, reason: `it is ${contenderName(twin)}, which takes part` });
    } catch (error) {
      if (whole || combinations.length === 1 || !isRefusal(error)) throw error;
      leftOut.push({ combination, reason: error.message });
    }
  }
  for (const { source } of policies) {
    if (contenders.some((each) => sameSource(each.source, source))) continue;
    const [{ reason }] = leftOut.filter(({ combination: { lane } }) =>
      sameSource(lane.policy, source),
    );
    throw new ProtocolError(
      'invalid-request',
      `${sourceName(source)}: expected a combination that it can do, got none: ${reason}`,
    );
  }
  return {
    format: 1,
    ...(await identifyProgram('rollouts')),
    engine: place.engine,
    ...{ batch, seed, rollouts, shardSize, contenders },
    leftOut: leftOut.map(({ combination, reason }) => {
      return { combination: describe(combination), reason };
    }),
    task: policies[0].about.task,
    instruction: instruction ? instruction : null,
    starts: countStarts(base.cells),
  };
}

/** @throws ProtocolError 'invalid-request' for more than an experiment may have */
function crossAll({
  lanes,
  actionHorizons,
  guidances,
  chunkings,
  perturbations = [],
}: ExperimentRequest) {
  const conditions = [null, ...perturbations];
  const settings = actionHorizons.length * guidances.length * chunkings.length * conditions.length;
  const count = lanes.length * settings;
  if (count > MOST_CONTENDERS) {
    throw new ProtocolError(
      'invalid-request',
      `experiment: expected at most ${MOST_CONTENDERS} combinations, got ${count}; cross fewer, or ` +
        'plan several experiments',
    );
  }
  return lanes.flatMap((lane) =>
    actionHorizons.flatMap((actionHorizon) =>
      guidances.flatMap((guidance) =>
        chunkings.flatMap((chunking) =>
          conditions.map((perturbation): Combination => {
            return { lane, actionHorizon, guidance, chunking, perturbation };
          }),
        ),
      ),
    ),
  );
}

/** A policy, and which one it is. */
interface IdentifiedPolicy extends KnownPolicy {
  readonly digest: string;
  /** Undefined where it is no run. */
  readonly trained: TrainedAs | undefined;
}

async function trainingOf({ runs }: Workspace, source: PolicySource) {
  const id = runOf(source);
  return id === null ? undefined : trainedAs(await runs.read(id));
}

/** Each source once, in the order of the lanes. */
async function knowAll(
  workspace: Workspace,
  lanes: readonly Lane[],
  found: readonly KnownPolicy[],
): Promise<IdentifiedPolicy[]> {
  const sources = lanes
    .map(({ policy }) => policy)
    .filter((source, i, all) => all.findIndex((each) => sameSource(each, source)) === i);
  return Promise.all(
    sources.map(async (source) => ({
      ...(found.find((each) => sameSource(each.source, source)) ??
        (await findPolicy(workspace, source))),
      digest: await policyDigest(workspace, source),
      trained: await trainingOf(workspace, source),
    })),
  );
}

function contenderOf(
  { source, about, sampler, demonstrated, guidance, input }: Compared,
  { digest, trained }: IdentifiedPolicy,
  { chunking, perturbation }: Pick<Combination, 'chunking' | 'perturbation'>,
): Contender {
  return {
    ...{ source, digest, sampler, chunking },
    ...(perturbation && { perturbation }),
    ...(trained && { trained }),
    actionHorizon: input.actionHorizon,
    guidance: guidance ?? null,
    name: resultName(source, about).name,
    nfe: evaluationsOf(about, sampler, guidance),
    noise: variesWith(about.abilities, perturbation ?? undefined),
    demonstrated: demonstrated && { ...demonstrated },
  };
}

/** Whether an error says that a policy cannot do what was asked. */
function isRefusal(error: unknown): error is Error {
  if (error instanceof ProtocolError) return error.code === 'invalid-request';
  return error instanceof SpecError;
}

/** As it was asked for: "diffusion nfe=3 Ta=8 w=2 real-time d=4 mass=2". */
function describe({ lane, actionHorizon, guidance, chunking, perturbation }: Combination): string {
  const { sampler, nfe, policy } = lane;
  return [
    formatLaneEntry({ policy, ...(sampler !== undefined && { sampler }) }),
    nfe !== undefined && `nfe=${nfe}`,
    actionHorizon !== null && `Ta=${actionHorizon}`,
    guidance !== null && `w=${guidance}`,
    chunking !== null && `${chunking.scheme} d=${chunking.delay}`,
    perturbation !== null && formatPerturbation(perturbation),
  ]
    .filter((part) => part !== false)
    .join(' ');
}
