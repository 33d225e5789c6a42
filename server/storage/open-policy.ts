import type { Engine } from '../../policies/engine/index.ts';
import type { TrainedPolicy } from '../../policies/network-policy.ts';
import type { Policy, PolicyDescription } from '../../policies/policy.ts';
import { TASKS } from '../../sim/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { type PolicySource, sourceName } from '../protocol/sources.ts';
import { type ActingPlace, type ModeCounts, SOURCES, type SourceDoor } from './sources.ts';
import type { Workspace } from './workspace.ts';

/**
 * What is to be known of the policy a source names, without an engine for it to run on.
 *
 * @throws ProtocolError 'not-found', 'damaged'; 'conflict' for a run without a checkpoint, or a
 *         policy of a task that this version does not know
 * @throws TextEncoderError where it reads with an encoder from outside that was not named
 */
export async function describePolicy(
  workspace: ActingPlace,
  source: PolicySource,
): Promise<PolicyDescription> {
  const about = await doorOf(source).describe(workspace, source);
  if (TASKS.some(({ name }) => name === about.task)) return about;
  throw new ProtocolError(
    'conflict',
    `${sourceName(source)}: expected a policy of a task of ${TASKS.map(({ name }) => name).join(', ')}, ` +
      `got "${about.task}"; it needs a version that has the task`,
  );
}

/**
 * The policy a source names, ready to be prepared.
 *
 * @throws ProtocolError 'not-found', 'damaged'; 'conflict' for a run without a checkpoint
 * @throws TextEncoderError as `describePolicy`
 */
export function openPolicy(
  workspace: ActingPlace,
  engine: Engine,
  source: PolicySource,
): Promise<Policy> {
  return doorOf(source).open(workspace, engine, source);
}

/**
 * The weights a source names.
 *
 * @throws ProtocolError as `openPolicy`; 'conflict' also for a policy that was not trained here
 */
export async function loadPolicy(
  workspace: Pick<Workspace, 'runs'>,
  source: PolicySource,
): Promise<TrainedPolicy> {
  const { load } = doorOf(source);
  if (load) return load(workspace, source);
  throw new ProtocolError(
    'conflict',
    `${sourceName(source)}: expected a policy that was trained here, got one of another kind; name ` +
      'a checkpoint that ships or a run',
  );
}

/**
 * Sha-256 by which the policy a source names is told from every other, whatever they are called.
 *
 * @throws ProtocolError as `openPolicy`; 'conflict' for a kind of policy that has none
 */
export async function policyDigest(workspace: ActingPlace, source: PolicySource): Promise<string> {
  const digest = await doorOf(source).digest?.(workspace, source);
  if (digest !== undefined) return digest;
  throw new ProtocolError(
    'conflict',
    `${sourceName(source)}: expected a policy that ships or a run, whose digest says which weights ` +
      'results are of, got one that has none; compare it with "compare" instead',
  );
}

/** Another number once the same source stands for another policy. */
export async function revisionOf(
  workspace: Pick<Workspace, 'runs'>,
  source: PolicySource,
): Promise<number> {
  return (await doorOf(source).revision?.(workspace, source)) ?? 0;
}

/**
 * Demonstrations a policy was shown, by mode; null where its dataset is gone or has changed since, and
 * of a policy that was not trained here.
 */
export async function demonstratedModes(
  workspace: Workspace,
  source: PolicySource,
  task: string,
): Promise<ModeCounts | null> {
  return (await doorOf(source).demonstrated?.(workspace, source, task)) ?? null;
}

function doorOf({ kind }: PolicySource): SourceDoor<PolicySource> {
  return SOURCES[kind];
}
