import { ProtocolError } from '../protocol/errors.ts';
import { type PolicySource, sourceName } from '../protocol/sources.ts';

/**
 * Workers read and dial nothing that somebody who can write to the queue names.
 *
 * @param what that is to be queued, and how it is run without a queue
 * @throws ProtocolError 'invalid-request'
 */
export function checkCarried(source: PolicySource, what: string, how: string): void {
  if (source.kind === 'shipped' || source.kind === 'run') return;
  throw new ProtocolError(
    'invalid-request',
    `queue: expected policies that ship and runs in the data directory, got ${sourceName(source)}; run ` +
      `${what} without --queue, ${how}`,
  );
}
