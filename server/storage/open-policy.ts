import type { Engine } from '../../policies/engine/index.ts';
import { NetworkPolicy } from '../../policies/network-policy.ts';
import type { Policy } from '../../policies/policy.ts';
import type { PolicySource } from '../protocol/stage.ts';
import { loadPolicy, type Workspace } from './workspace.ts';

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
