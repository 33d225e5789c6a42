import { PassThrough } from 'node:stream';
import type { Demonstration } from '../../demos/demonstration.ts';
import type { Rapier } from '../../sim/index.ts';
import { type GenerateOptions, generateDemonstrations } from '../datasets/generate.ts';
import { type GenerationPart, partsOf } from '../datasets/generation-part.ts';
import type { DatasetSummary, GenerateRequest } from '../protocol/datasets.ts';
import type { Workspace } from '../storage/workspace.ts';
import { worthwhileProcesses } from './parallel.ts';
import { startWork } from './process.ts';

/** How many episodes take as long to show as a process to start. */
const EPISODES_OF_A_START = 10;

/**
 * The dataset of `generateDemonstrations`, to the bit, whose episodes this process and others that it
 * starts show in turns: each is kept as it comes, so that little is lost where it is ended early.
 *
 * @param processes at once, this one among them. @default as many as there are cores, and no more than pay off
 * @throws as `generateDemonstrations`
 */
export async function generateInParallel(
  workspace: Workspace,
  rapier: Rapier,
  request: GenerateRequest,
  {
    processes = worthwhileProcesses(request.episodes, EPISODES_OF_A_START),
    ...options
  }: Pick<GenerateOptions, 'onProgress' | 'signal'> & { readonly processes?: number } = {},
): Promise<DatasetSummary> {
  const [whole] = partsOf(request, request.episodes);
  const others = Array.from({ length: processes - 1 }, (_, i) =>
    showElsewhere({ ...whole, from: i + 1 }, processes),
  );
  const end = () => {
    for (const other of others) other.end();
  };
  const { signal } = options;
  signal?.addEventListener('abort', end);
  try {
    return await generateDemonstrations(workspace, rapier, request, {
      ...options,
      elsewhere: async (episode) => others[(episode % processes) - 1]?.next() ?? null,
    });
  } finally {
    signal?.removeEventListener('abort', end);
    end();
  }
}

/** Every so manieth episode, as another process shows them; null once that gives no more. */
function showElsewhere(part: GenerationPart, every: number) {
  const shown = new PassThrough({ objectMode: true });
  const work = startWork('demonstrate', { part, every }, (demonstration) => {
    shown.write(demonstration);
  });
  const end = () => shown.end();
  // What keeps it from showing one is met again where that is shown instead, and told with what was kept.
  void work.result.then(end, end);
  const arrivals: AsyncIterator<Demonstration> = shown[Symbol.asyncIterator]();
  return {
    async next(): Promise<Demonstration | null> {
      const { done, value } = await arrivals.next();
      return done ? null : value;
    },
    end: work.kill,
  };
}
