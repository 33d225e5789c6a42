import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  JobBoard,
  type StageListener,
  type StageMessage,
  StageService,
  takeStock,
} from '../../server/jobs/index.ts';
import { listen, type Net, type NetOptions } from '../../server/net/index.ts';
import type { RequestInput, StageCommand, StageSettings } from '../../server/protocol/index.ts';
import type { Place, Workspace } from '../../server/storage/workspace.ts';
import { afterFile } from './after-file.ts';
import { temporaryWorkspace } from './temporary.ts';

/** Stages that a test speaks for: nothing is computed. */
export class PuppetStages extends StageService {
  readonly settings = new Map<string, StageSettings>();
  readonly left: string[] = [];
  readonly #listeners = new Map<string, StageListener>();

  constructor(place: Place) {
    super(place);
    this.close();
  }

  override command(viewer: string, command: StageCommand, listener: StageListener): void {
    if (command.kind === 'set') this.settings.set(viewer, command.settings);
    this.#listeners.set(viewer, listener);
  }

  override leave(viewer: string): void {
    this.left.push(viewer);
    this.#listeners.delete(viewer);
  }

  /** Says something to every viewer. */
  say(message: { kind: 'frame' | 'fan'; packed: Float32Array }): void {
    for (const [viewer, listener] of this.#listeners) {
      const sent: StageMessage = { viewer, ...message };
      listener(sent);
    }
  }
}

/** Asks for a stage on which one policy acts. */
export const SHOW_FLOW: RequestInput<'stage:command'> = {
  kind: 'set',
  settings: { lanes: [{ policy: { kind: 'shipped', name: 'flow' } }] },
};

export interface InProcessServer {
  readonly url: string;
  readonly net: Net;
  readonly workspace: Workspace;
  readonly stages: PuppetStages;
}

export const PAGE = '<!doctype html><title>page</title>';

/** The net side of a server in this process, with a page of one line and stages of no substance. */
export async function listenHere(options: Partial<NetOptions> = {}): Promise<InProcessServer> {
  const workspace = await temporaryWorkspace();
  const page = join(workspace.place.data, 'page');
  await mkdir(join(page, 'assets'), { recursive: true });
  await writeFile(join(page, 'index.html'), PAGE);
  await writeFile(join(page, 'assets', 'app.js'), 'export {};');
  const nobody = () => {};
  const board = new JobBoard(workspace, {
    job: nobody,
    run: nobody,
    runTrashed: nobody,
    metric: nobody,
    datasets: nobody,
    comparison: nobody,
    experiments: nobody,
  });
  const stages = new PuppetStages(workspace.place);
  const net = await listen(
    { host: '127.0.0.1', port: 0, page, ...options },
    {
      board,
      stages,
      metrics: (id) => workspace.runs.readMetrics(id),
      hello: async () => ({
        version: '0.0.0',
        shipped: [],
        ...(await takeStock(workspace, board.datasets)),
        jobs: board.jobs,
        comparisons: board.comparisons,
      }),
    },
  );
  afterFile(() => net.close());
  return { url: net.url, net, workspace, stages };
}
