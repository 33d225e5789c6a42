import { isDeepStrictEqual } from 'node:util';
import type { Normalizers } from '../../demos/windows.ts';
import type { PolicySpec } from '../../policies/config/index.ts';
import { digestOf } from '../../policies/digest.ts';
import { findMethod } from '../../policies/methods/index.ts';
import type { TrainedPolicy } from '../../policies/network-policy.ts';
import { Normalizer } from '../../policies/normalizer.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Run, TrainRequest } from '../protocol/runs.ts';
import { nameOfSource, type PolicySource, runOf } from '../protocol/sources.ts';
import { loadPolicy } from '../storage/open-policy.ts';
import type { RunStore } from '../storage/run-store.ts';

/** A policy that a new run goes on from. */
export interface Origin {
  readonly policy: TrainedPolicy;
  /** As `run.json` keeps it. */
  readonly record: NonNullable<Run['from']>;
}

/**
 * @throws ProtocolError 'not-found', 'damaged'; 'conflict' for a run without a checkpoint, or one
 *         whose weights still change
 */
export async function takeOrigin(runs: RunStore, source: PolicySource): Promise<Origin> {
  const id = runOf(source);
  const status = id === null ? 'done' : (await runs.read(id)).status;
  if (status === 'queued' || status === 'running') {
    throw new ProtocolError(
      'conflict',
      `run ${nameOfSource(source)}: expected one whose weights no longer change, got one that is ` +
        `${status}; wait for its end, or stop it`,
    );
  }
  const policy = await loadPolicy({ runs }, source);
  return { policy, record: { source, hash: digestOf(policy.weights) } };
}

/**
 * The policy a run goes on from.
 *
 * @param role what it is to the run, for people
 * @throws ProtocolError 'conflict' where it is no longer the one the run began with
 */
export async function readOrigin(
  runs: RunStore,
  id: string,
  role: string,
  { source, hash }: Origin['record'],
): Promise<TrainedPolicy> {
  const policy = await loadPolicy({ runs }, source);
  const got = digestOf(policy.weights);
  if (hash === got) return policy;
  throw new ProtocolError(
    'conflict',
    `run ${id}: expected ${role} ${nameOfSource(source)} as it was when the run began ` +
      `(weights ${hash.slice(0, 12)}), got ${got.slice(0, 12)}; start a new run`,
  );
}

/**
 * The policy whose weights a new run begins with; null where it begins with random ones.
 *
 * @param spec what is asked for
 * @throws ProtocolError 'invalid-request' for a reflow; 'conflict' where weights of the one would
 *         mean something else to the other
 */
export async function chooseBeginning(
  runs: RunStore,
  { policy: method, from }: TrainRequest,
  spec: PolicySpec,
): Promise<Origin | null> {
  if (from === undefined) return null;
  if (findMethod(method).teacher) {
    throw new ProtocolError(
      'invalid-request',
      `from: a ${method} begins with its teacher's weights; name that with teacher`,
    );
  }
  const origin = await takeOrigin(runs, from);
  const got = whatWeightsMean(origin.policy);
  const anew = readsOtherwise(origin.policy.spec, spec);
  const differing = Object.entries(whatWeightsMean({ method, spec })).find(
    ([part, expected]) => !isDeepStrictEqual(expected, got[part]) && !(anew && part === WORDS),
  );
  if (!differing) return origin;
  const [part, expected] = differing;
  const say = (value: unknown) => JSON.stringify(value)?.slice(0, 120) ?? 'none';
  throw new ProtocolError(
    'conflict',
    `from ${nameOfSource(from)}: expected the new run's ${part}, ${say(expected)}, got ` +
      `${say(got[part])}; begin with another policy, or with random weights`,
  );
}

const WORDS = 'words and their encoder';

/**
 * Whether a policy that begins with another's weights learns words anew, as it reads with an encoder
 * from outside and the other does not.
 */
export function readsOtherwise(from: PolicySpec, to: PolicySpec): boolean {
  const [before, after] = [from.condition?.text, to.condition?.text];
  return (
    before !== undefined && after?.encoder === 'pretrained' && !isDeepStrictEqual(before, after)
  );
}

/** The parts of a policy that must be the same for weights of the one to act in the other. */
function whatWeightsMean({
  method,
  spec,
}: Pick<TrainedPolicy, 'method' | 'spec'>): Readonly<Record<string, unknown>> {
  const { task, obsHorizon, objective, network, condition } = spec;
  const { text, observed, image, ...attention } = condition ?? {};
  return {
    policy: method,
    task,
    // Flows differ in nothing but how they are trained.
    'noise and answer': objective.kind === 'diffusion' ? objective : undefined,
    'observation horizon': obsHorizon,
    network,
    attention,
    [WORDS]: text,
    'things observed': observed,
    camera: image,
  };
}

/** What goes on from a policy sees and acts in its units. */
export function normalizersLike({ observationRange, actionRange }: TrainedPolicy): Normalizers {
  return { observation: new Normalizer(observationRange), action: new Normalizer(actionRange) };
}
