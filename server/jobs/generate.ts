import type { Rapier } from '../../sim/index.ts';
import {
  type GenerateOptions,
  generateDemonstrations,
  type ShownElsewhere,
} from '../datasets/generate.ts';
import { partsOf } from '../datasets/generation-part.ts';
import type { DatasetSummary, GenerateRequest } from '../protocol/datasets.ts';
import type { Workspace } from '../storage/workspace.ts';
import { worthwhileProcesses } from './parallel.ts';
import { startWork } from './process.ts';

/** How many episodes take as long to show as a process to start. */
const EPISODES_OF_A_START = 10;

/**
 * The dataset of `generateDemonstrations`, to the bit, whose episodes are shown by this process and by others that it
 * starts, each of which shows as many. They are kept in their order: where it is ended early, only those remain
 * that follow on one another.
 *
 * @param processes at once, this one among them. @default as many as there are cores, and no more than pay off
 * @throws as `generateDemonstrations`
 */
export async function generateInParallel(
  workspace: Workspace,
  rapier: Rapier,
  request: GenerateRequest,
  {
    onProgress = () => {},
    signal,
    processes = worthwhileProcesses(request.episodes, EPISODES_OF_A_START),
  }: Pick<GenerateOptions, 'onProgress' | 'signal'> & { readonly processes?: number } = {},
): Promise<DatasetSummary> {
  const [here, ...there] = partsOf(request, Math.ceil(request.episodes / processes));
  const shownThere = there.map(() => 0);
  let shown = 0;
  const tell = () => {
    const all = shownThere.reduce((sum, each) => sum + each, Math.min(shown, here.to));
    onProgress(Math.max(shown, all));
  };
  const works = there.map((part, i) =>
    startWork('demonstrate', { part }, (count) => {
      shownThere[i] = count;
      tell();
    }),
  );
  const end = () => {
    for (const work of works) work.kill();
  };
  const elsewhere = works.map(
    ({ result }, i): ShownElsewhere => ({
      from: there[i].from,
      // What keeps another from showing them is met again here, and told with what was kept.
      shown: result.catch(() => []),
    }),
  );
  signal?.addEventListener('abort', end);
  try {
    return await generateDemonstrations(workspace, rapier, request, {
      ...(signal && { signal }),
      elsewhere,
      onProgress: (done) => {
        shown = done;
        tell();
      },
    });
  } finally {
    signal?.removeEventListener('abort', end);
    end();
  }
}
