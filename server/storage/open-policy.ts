import type { Engine } from '../../policies/engine/index.ts';
import { describeTrained, NetworkPolicy } from '../../policies/network-policy.ts';
import type { Policy, PolicyDescription } from '../../policies/policy.ts';
import type { PolicySource } from '../protocol/stage.ts';
import { loadPolicy, type Workspace } from './workspace.ts';

/**
 * What is to be known of the policy a source names, without an engine for it to run on.
 *
 * @throws ProtocolError as `loadPolicy`
 */
export async function describePolicy(
  workspace: Pick<Workspace, 'runs'>,
  source: PolicySource,
): Promise<PolicyDescription> {
  return describeTrained(await loadPolicy(workspace, source));
}

/**
 * The policy a source names, ready to be prepared.
 *
 * @throws ProtocolError as `loadPolicy`
 */
export async function openPolicy(
  workspace: Pick<Workspace, 'runs'>,
  engine: Engine,
  source: PolicySource,
): Promise<Policy> {
  return new NetworkPolicy(engine, await loadPolicy(workspace, source));
}
