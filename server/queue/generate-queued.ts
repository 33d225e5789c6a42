import { openArtefacts } from '../artefacts/index.ts';
import { summarizeDataset } from '../datasets/datasets.ts';
import { kindOf } from '../datasets/generate.ts';
import { decodeShown, type GenerationPart, partsOf } from '../datasets/generation-part.ts';
import { SharedDatasets } from '../exchange/datasets.ts';
import { identifyProgram } from '../experiments/code.ts';
import type { DatasetSummary, GenerateRequest } from '../protocol/datasets.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Workspace } from '../storage/workspace.ts';
import { type CollectOptions, collectJobs } from './collect.ts';
import { demonstrationJobOf } from './kinds/demonstrations.ts';
import { queueOf } from './programs.ts';
import type { WorkQueue } from './work-queue.ts';

/** Episodes of a job: a few seconds, and a megabyte of the queue. */
const PART = 50;

export interface QueuedGenerationOptions extends Pick<CollectOptions, 'onNotice' | 'signal'> {
  /** Episodes of a job. @default 50 */
  readonly partSize?: number | undefined;
  /** Told how many episodes are there, and how many workers there are once that is known. */
  readonly onProgress?: ((done: number, workers: number | null) => void) | undefined;
}

/**
 * Has demonstrations shown by whoever takes them from a queue. The dataset is that of
 * `generateDemonstrations`; it is there once all of them are, and in the store of its place, if that has one.
 *
 * @throws as `generateDemonstrations`; ProtocolError 'failed' where the queue is gone
 * @throws StoppedError where `signal` aborts: what nobody has begun is taken back
 */
export async function generateQueued(
  { datasets, place: { store } }: Workspace,
  request: GenerateRequest,
  queue: WorkQueue,
  { partSize = PART, onProgress = () => {}, onNotice, signal }: QueuedGenerationOptions = {},
): Promise<DatasetSummary> {
  const program = await identifyProgram('demonstrations');
  const parts = partsOf(request, partSize);
  const dataset = await datasets.build(request.out, kindOf(request), async (built) => {
    /** What came before its turn. */
    const early = new Map<GenerationPart, Parameters<typeof built.append>[0]>();
    let next = 0;
    let done = 0;
    await collectJobs<GenerationPart>(
      queue,
      {
        queue: queueOf('demonstrations', program),
        called: 'parts',
        items: parts,
        jobOf: (part) => demonstrationJobOf(part, program),
        async keep(part, output) {
          early.set(part, decodeShown(part, output));
          done += part.to - part.from;
          for (; next < parts.length; next++) {
            const shown = early.get(parts[next]);
            if (!shown) break;
            await built.append(shown);
            early.delete(parts[next]);
          }
        },
        async failed({ from, to }, reason) {
          throw new ProtocolError('failed', `episodes ${from} to ${to - 1}: ${reason}`);
        },
      },
      { onNotice, signal, onLook: (workers) => onProgress(done, workers) },
    );
  });
  if (store !== undefined) {
    await new SharedDatasets(openArtefacts(store)).publish(datasets, request.out);
  }
  return summarizeDataset(dataset.info);
}
