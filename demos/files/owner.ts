import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** Where Linux tells the state and the start of a process; other systems have no such file. */
interface ProcessStat {
  readonly state: string;
  /** Clock ticks since boot; with the pid it names one process, also after the pid is used again. */
  readonly start: string;
}

const HOST = hostname().replaceAll(/[^A-Za-z0-9-]/g, '-');
/**
 * Within it a process number means one process: a boot and a pid namespace of Linux, elsewhere the
 * host. Containers that share a host name, or a boot, do not share it; a host that is renamed does.
 */
const REALM = linuxRealm() ?? HOST;
const TAG = /^([A-Za-z0-9-]*)\.(\d+)\.(\d+)$/;

/** Of what `ownerTag` returns, within a pattern. */
export const OWNER_TAG_PATTERN = '[A-Za-z0-9-]*\\.\\d+\\.\\d+';

/** Names this process in the names of files: `<realm>.<pid>.<start>`. */
export function ownerTag(): string {
  return `${REALM}.${process.pid}.${readStat('self')?.start ?? '0'}`;
}

export interface Owner {
  /** For messages. */
  readonly description: string;
  /** Whether its process could be asked; one that could not be asked has not ended. */
  readonly local: boolean;
  readonly ended: boolean;
}

/**
 * Who a tag names, and whether that process has certainly ended. A process of another machine or
 * container, or a tag not written by `ownerTag`, is never said to have ended.
 */
export function inspectOwner(tag: string): Owner {
  const match = TAG.exec(tag);
  if (!match) return { description: `"${tag}"`, local: false, ended: false };
  const [, realm, pid, start] = match;
  // Earlier versions named the host.
  const local = realm === REALM || realm === HOST;
  return {
    description: local ? `process ${pid}` : `process ${pid} of another machine or container`,
    local,
    ended: local && hasEnded(Number(pid), start),
  };
}

function hasEnded(pid: number, start: string): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    // EPERM: it runs, but under another user.
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return true;
  }
  const stat = readStat(pid);
  if (!stat) return false;
  // A killed process that its parent has not waited for is still listed, as a zombie.
  return stat.state === 'Z' || stat.state === 'X' || (start !== '0' && stat.start !== start);
}

function linuxRealm(): string | null {
  if (process.platform !== 'linux') return null;
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
    const namespace = readlinkSync('/proc/self/ns/pid').replaceAll(/\D/g, '');
    const digest = createHash('sha256').update(boot).digest('hex').slice(0, 12);
    return `${digest}-${namespace}`;
  } catch {
    // A container may hide either: then the host's name is all there is to go by.
    return null;
  }
}

/** Whether /proc numbers processes as this process does: one mounted outside a namespace does not. */
function knowsNumbers(): boolean {
  try {
    return readlinkSync('/proc/self') === String(process.pid);
  } catch {
    return false;
  }
}

function readStat(pid: number | 'self'): ProcessStat | null {
  if (process.platform !== 'linux' || (pid !== 'self' && !knowsNumbers())) return null;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the command in brackets, and may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], start: fields[19] };
  } catch {
    // No /proc, or the process has just ended: only the pid is left to go by.
    return null;
  }
}
