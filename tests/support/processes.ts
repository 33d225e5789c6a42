import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  /** Ended, and only waiting to be noticed. */
  readonly zombie: boolean;
}

function processes(): ProcessEntry[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  return lines
    .trim()
    .split('\n')
    .map((line) => {
      const [pid, parent, state] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), zombie: state.startsWith('Z') };
    });
}

/** Processes that a process has started and that still run. */
export function childrenOf(parent: number): number[] {
  const own = processes().filter((each) => each.parent === parent && !each.zombie);
  // `ps` itself is a child where the parent is this process.
  return own.map(({ pid }) => pid).filter((pid) => isRunning(pid));
}

export function isRunning(pid: number): boolean {
  return processes().some((each) => each.pid === pid && !each.zombie);
}

/** Whether a process has ended and whoever waits for it has taken note. */
export function hasGone(pid: number): boolean {
  return !processes().some((each) => each.pid === pid);
}

/** Whether a process does something of its own about a hang-up, or ends of it. Linux alone can say. */
export async function hearsHangUp(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  const caught = /^SigCgt:\s*([\da-f]+)$/m.exec(status)?.[1] ?? '0';
  return (BigInt(`0x${caught}`) & (1n << BigInt(constants.signals.SIGHUP - 1))) !== 0n;
}
