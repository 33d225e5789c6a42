import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';

/** Where Linux tells the state and the start of a process; other systems have no such file. */
interface ProcessStat {
  readonly state: string;
  /** Clock ticks since boot; with the pid it names one process, also after the pid is used again. */
  readonly start: string;
}

const HOST = hostname().replaceAll(/[^A-Za-z0-9-]/g, '-');
const TAG = /^([A-Za-z0-9-]*)\.(\d+)\.(\d+)$/;

/** Names this process in the names of files: `<host>.<pid>.<start>`. */
export function ownerTag(): string {
  return `${HOST}.${process.pid}.${readStat(process.pid)?.start ?? '0'}`;
}

/**
 * Who a tag names, and whether that process has certainly ended. A process of another machine, or
 * a tag not written by `ownerTag`, is never said to have ended.
 */
export function inspectOwner(tag: string): { description: string; local: boolean; ended: boolean } {
  const match = TAG.exec(tag);
  if (!match) return { description: `"${tag}"`, local: false, ended: false };
  const [, host, pid, start] = match;
  const local = host === HOST;
  return {
    description: local ? `process ${pid}` : `process ${pid} of ${host}`,
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
  // A killed process that nobody has waited for is still listed, as a zombie.
  return stat.state === 'Z' || stat.state === 'X' || (start !== '0' && stat.start !== start);
}

function readStat(pid: number): ProcessStat | null {
  if (process.platform !== 'linux') return null;
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The second field is the command in brackets, and may hold anything.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { state: fields[0], start: fields[19] };
  } catch {
    // No /proc, or the process ended meanwhile: only the pid is left to go by.
    return null;
  }
}
