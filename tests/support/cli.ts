import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterFile } from './after-file.ts';
import { ROOT } from './sources.ts';

export const CLI = `${ROOT}dist/bin/cli.js`;

export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Ends a process with the test file at the latest. */
function endWithFile(child: ChildProcess): void {
  afterFile(() => child.kill('SIGKILL'));
}

/** Starts the compiled command line; it ends with the test file at the latest. */
export function startCli(
  args: readonly string[],
  { cwd, env }: { cwd?: string; env?: Readonly<Record<string, string>> } = {},
): ChildProcess {
  if (!existsSync(CLI)) throw new Error('compile the sources first: npm run build:node');
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd,
    env: { ...process.env, ...env },
  });
  endWithFile(child);
  return child;
}

/** What a process writes, as it grows. */
export function outputOf(child: ChildProcess): { stdout: string; stderr: string } {
  const output = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  return output;
}

/** Runs one command to its end. */
export async function cli(...args: readonly string[]): Promise<CliResult> {
  const child = startCli(args);
  const output = outputOf(child);
  // 'close' comes after all output, 'exit' may not.
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}

/** A process that runs commands one after the other and is loaded once for all of them. */
export function startManyCli(env: Readonly<Record<string, string>> = {}): {
  run(...args: readonly string[]): Promise<CliResult>;
} {
  if (!existsSync(CLI)) throw new Error('compile the sources first: npm run build:node');
  const child = fork(fileURLToPath(new URL('./many-cli.mjs', import.meta.url)), {
    env: { ...process.env, ...env },
  });
  endWithFile(child);
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`the process of many commands ended with ${code}`);
  });
  ended.catch(() => {});
  let turn: Promise<unknown> = Promise.resolve();
  return {
    run(...args) {
      const result = turn.then(async () => {
        const answer = new Promise<CliResult>((resolve) => {
          child.once('message', (message) => resolve(message as CliResult));
        });
        child.send(args);
        return Promise.race([answer, ended]);
      });
      turn = result.catch(() => {});
      return result;
    },
  };
}
