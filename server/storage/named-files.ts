import { resolve } from 'node:path';
import { FileError } from '../../demos/files/index.ts';
import { LeRobotError } from '../../policies/lerobot/error.ts';
import { OnnxPolicyError } from '../../policies/onnx/error.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Place } from './workspace.ts';

/**
 * Where a policy's file or directory lies that sources name by its path.
 *
 * @param name as sources have it, "lerobot:DIR"
 * @throws ProtocolError 'conflict' for one that nobody allowed
 */
export function namedPath({ checkpoints = [] }: Pick<Place, 'checkpoints'>, name: string): string {
  // Requests name sources too, and a page must not make this machine read what lies anywhere.
  if (checkpoints.includes(name)) return resolve(name.slice(name.indexOf(':') + 1));
  throw new ProtocolError(
    'conflict',
    `checkpoint: expected one that this program was started with (${checkpoints.join(', ') || 'none'}), ` +
      `got ${name}; name it on the command line`,
  );
}

/** What reading it throws, by the name that a person gave it. */
export function unreadable(name: string, cause: unknown): unknown {
  const isOurs = [LeRobotError, OnnxPolicyError, FileError].some((kind) => cause instanceof kind);
  if (!isOurs || !(cause instanceof Error)) return cause;
  return new ProtocolError('damaged', `${name}: ${cause.message}`, { cause });
}
