import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Metric, Run, TrainRequest } from '../../server/protocol/index.ts';
import type { Workspace } from '../../server/storage/workspace.ts';
import { trainRun } from '../../server/training/train.ts';
import { keepingEngine } from './keeping-engine.ts';
import { workspaceWithPair } from './pair.ts';
import { newRun } from './runs.ts';

type Options = Partial<Parameters<typeof trainRun>[3]>;

/** Trains tiny runs in this process, in a workspace with the dataset `pair`. */
export interface TrainingBench {
  readonly workspace: Workspace;
  newRun(request: Partial<TrainRequest>): Promise<Run>;
  train(id: string, options?: Options): Promise<Run>;
  /** Trains, and is told to stop when a metric of this step comes. */
  trainUntil(id: string, step: number): Promise<Run>;
  /** SHA-256 of a run's checkpoint: of weights, moments, averages and step. */
  checkpointHash(id: string): Promise<string>;
}

export const engine = keepingEngine();

export async function trainingBench(): Promise<TrainingBench> {
  const workspace = await workspaceWithPair();
  const { runs, datasets } = workspace;
  const train = (id: string, options: Options = {}) =>
    trainRun(runs, datasets, id, { engine, ...options });
  return {
    workspace,
    newRun: (request) => newRun(workspace, request),
    train,
    trainUntil(id, step) {
      const stop = new AbortController();
      const onMetric = (metric: Metric) => {
        if (metric.step >= step) stop.abort();
      };
      return train(id, { onMetric, signal: stop.signal });
    },
    async checkpointHash(id) {
      const bytes = await readFile(join(runs.root, id, 'checkpoint.safetensors'));
      return createHash('sha256').update(bytes).digest('hex');
    },
  };
}
