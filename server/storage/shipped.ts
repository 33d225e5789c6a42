import { SHIPPED_NAMES } from '../../policies/config/index.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { ShippedPolicy } from '../protocol/policies.ts';
import { loadShipped } from './workspace.ts';

/**
 * The checkpoints that ship; one that is damaged is left out, with a warning.
 *
 * @cost reads all of them, about 13 MB
 */
export async function listShipped(): Promise<ShippedPolicy[]> {
  const shipped: ShippedPolicy[] = [];
  for (const name of SHIPPED_NAMES) {
    try {
      const { spec } = await loadShipped(name);
      shipped.push({ name, spec });
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      if (error.code !== 'not-found') process.emitWarning(error.message);
    }
  }
  return shipped;
}
