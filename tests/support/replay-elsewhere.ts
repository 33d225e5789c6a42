import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { EpisodeSnapshot, InitialState, Progress } from '../../sim/index.ts';

export interface Replay {
  readonly hash: string;
  readonly progress: Progress;
}

/** What to play: rows [T, 8] from a start or from a snapshot. */
export type Played = { readonly rows: Float32Array } & (
  | { readonly initial: InitialState; readonly controlHz: 20 | 50 }
  | { readonly snapshot: EpisodeSnapshot }
);

/**
 * Plays an episode in another process.
 *
 * @param flags of that process's JavaScript engine
 */
export function replayElsewhere(played: Played, flags: readonly string[] = []): Promise<Replay> {
  const compiled = new URL('../../dist/sim/index.js', import.meta.url);
  if (!existsSync(compiled)) throw new Error('compile the sources first: npm run build:node');
  const worker = fork(fileURLToPath(new URL('./replay-worker.mjs', import.meta.url)), {
    execArgv: [...flags],
    serialization: 'advanced',
  });
  return new Promise((resolve, reject) => {
    worker.once('message', (answer) => resolve(answer as Replay));
    worker.once('error', reject);
    worker.once('exit', (code) => reject(new Error(`the replay process ended with ${code}`)));
    worker.send(played);
  });
}
