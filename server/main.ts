import { join } from 'node:path';
import type { EngineName } from '../policies/config/index.ts';
import { listShippedSets } from './datasets/shipped-sets.ts';
import { identifyProgram } from './experiments/code.ts';
import {
  Audiences,
  type BoardListener,
  Guests,
  JobBoard,
  RunWatch,
  StageService,
  takeStock,
} from './jobs/index.ts';
import { listen } from './net/index.ts';
import { boundDatasets, boundRun } from './protocol/index.ts';
import type { PolicyServers } from './protocol/policy-servers.ts';
import { type TogetherWord, togetherSchema } from './protocol/together.ts';
import type { QueueAddress } from './queue/address.ts';
import { PACKAGE_ROOT } from './storage/package-root.ts';
import { listPainters } from './storage/painters.ts';
import { listShipped } from './storage/shipped.ts';
import { identifyTextEncoder, type TextEncoderPlace } from './storage/text-encoder.ts';
import { openWorkspace } from './storage/workspace.ts';

export interface ServeOptions extends TextEncoderPlace {
  readonly host: string;
  readonly port: number;
  /** Directory of datasets and runs. */
  readonly data: string;
  readonly engine: EngineName;
  readonly allowedHosts?: readonly string[];
  /** Origins whose pages may show this one within them. @default none */
  readonly embedders?: readonly string[];
  /** Proxies before the server: how many, or their addresses. @default null, none */
  readonly trustProxy?: string | null;
  /** Files that draw pictures, beside those that ship. @default none */
  readonly painters?: readonly string[];
  /** Policy servers that pages may let act. @default none */
  readonly policyServers?: PolicyServers | undefined;
  /** Database by which servers that share it show the same to those who watch together. @default none */
  readonly queue?: QueueAddress | undefined;
  /** Pages that may be open at once. @default LIMITS.connections */
  readonly pages?: number | undefined;
  readonly version: string;
}

export interface RunningServer {
  /** Where to open the page. */
  readonly url: string;
  /** Where others can open it as well. */
  readonly furtherUrls: readonly string[];
  /** Stops jobs with what they have, then the server. */
  close(): Promise<void>;
}

/** Puts the parts together and listens. */
export async function serve({
  host,
  port,
  data,
  engine,
  allowedHosts = [],
  embedders = [],
  trustProxy = null,
  painters = [],
  policyServers,
  queue,
  pages,
  version,
  textEncoder,
  tokenizer,
}: ServeOptions): Promise<RunningServer> {
  const workspace = openWorkspace({ data, engine, textEncoder, tokenizer, policyServers });
  const reading = await identifyTextEncoder(workspace.place);
  await workspace.runs.recover();
  const shipped = await listShipped();
  const stages = new StageService(workspace.place);
  // A job that speaks before the server listens would have nobody to tell; none does.
  const sets = await listShippedSets(shipped);
  const listener: BoardListener = {
    job: (job) => net.io.emit('job', job),
    run: (run) => net.io.emit('run', boundRun(run)),
    runTrashed: (id) => net.io.emit('run:trashed', id),
    metric: (id, metric) => net.io.emit('metric', id, metric),
    datasets: (datasets) => net.io.emit('datasets', boundDatasets(datasets)),
    comparison: (id, comparison, at) => net.io.emit('comparison', id, comparison, at),
    experiments: () => net.io.emit('experiments'),
  };
  const board: JobBoard = new JobBoard(workspace, listener, sets, await listPainters(painters));
  for (const problem of await board.restore()) console.error(`warning: ${problem}`);
  const underWay = ['queued', 'running'];
  const isOwn = (id: string) =>
    board.jobs.some((job) => job.id === id && underWay.includes(job.status));
  const others = new RunWatch(workspace.runs, isOwn, listener.run);
  // What there is by now pages are told of when they come.
  await others.look();
  const guests = new Guests(workspace, (all) => net.io.emit('guests', all));
  const page = join(PACKAGE_ROOT, 'dist', 'client');
  const together = queue ? await watchTogether(stages, queue) : null;
  const net = await listen(
    { host, port, page, allowedHosts, embedders, trustProxy, pages },
    {
      board,
      stages: together?.audiences ?? new Audiences(stages),
      metrics: (id) => workspace.runs.readMetrics(id),
      hello: async () => {
        guests.refresh();
        return {
          version,
          shipped,
          ...(guests.all.length > 0 && { guests: guests.all }),
          textEncoder: reading,
          sets: await board.offerSets(),
          ...(await takeStock(workspace, board.datasets)),
          jobs: board.jobs,
          comparisons: board.comparisons,
        };
      },
    },
  );
  stages.start();
  others.start();
  guests.refresh();
  return {
    url: net.url,
    furtherUrls: net.furtherUrls,
    close: async () => {
      stages.close();
      await others.stop();
      await together?.close();
      await board.close();
      await net.close();
    },
  };
}

/** Longer than a word there and back takes, ms. */
const SETTLE_MS = 1000;

/** Servers of one database that would play an episode to other bits do not hear one another. */
async function watchTogether(
  stages: StageService,
  address: QueueAddress,
): Promise<{ readonly audiences: Audiences; close(): Promise<void> }> {
  const { Notices } = await import('./queue/notices.ts');
  const { code, physics } = await identifyProgram('stages');
  const trouble = (message: string) => console.error(`warning: ${message}`);
  const notices = await Notices.open<TogetherWord>(address, {
    channel: 'forking_paths_together',
    words: togetherSchema,
    onWord: (word) => audiences.hear(word),
    onReturn: () => audiences.catchUp(),
    onTrouble: trouble,
  });
  const program = JSON.stringify([code.digest, physics]);
  const audiences = new Audiences(stages, program, {
    tell: (word) => notices.tell(word),
    trouble,
    settleMs: SETTLE_MS,
  });
  return { audiences, close: () => notices.close() };
}
