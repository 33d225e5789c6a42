/** Entry of the child processes: does one piece of work, and ends with it or with its parent. */
import { createCompiledEngine } from '../../policies/engine/index.ts';
import { findTask, loadPhysics } from '../../sim/index.ts';
import { acceptRecording } from '../lab/datasets.ts';
import { type EvaluationSetup, evaluateCells, timePlans } from '../lab/evaluate.ts';
import { generateDemonstrations } from '../lab/generate.ts';
import { trainRun } from '../lab/train.ts';
import { loadPolicy, openWorkspace } from '../lab/workspace.ts';
import { reportError } from './error-report.ts';
import { StageHost } from './stage-host.ts';
import type { EvaluationInput, FromWorker, ToWorker, Work, WorkKind } from './work.ts';

interface Context<K extends WorkKind> {
  readonly signal: AbortSignal;
  report(progress: Work[K]['progress']): void;
  /** Receives what a `stages` process is told. */
  readonly stages: { host: StageHost | null };
}

type Handlers = {
  [K in WorkKind]: (input: Work[K]['input'], context: Context<K>) => Promise<Work[K]['result']>;
};

const HANDLERS: Handlers = {
  async train({ data, run }, { signal, report }) {
    const { runs, datasets } = openWorkspace(data);
    const engine = createCompiledEngine();
    return trainRun(runs, datasets, run, { engine, signal, onMetric: report });
  },

  async generate({ data, request }, { signal, report }) {
    const rapier = await loadPhysics();
    return generateDemonstrations(openWorkspace(data), rapier, request, {
      onProgress: report,
      signal,
    });
  },

  async rollouts({ cells, batch, ...input }, { report }) {
    const setup = await prepare(input);
    let ended = 0;
    const results = await evaluateCells({ ...setup, batch }, cells, () => report(++ended));
    return { results, engine: setup.engine.name };
  },

  async latency(input) {
    return timePlans(await prepare(input));
  },

  async accept({ data, recording, commands }) {
    const rapier = await loadPhysics();
    return acceptRecording(openWorkspace(data).datasets, rapier, recording, commands);
  },

  async stages({ data }, { signal, report, stages }) {
    const host = new StageHost(
      openWorkspace(data),
      await loadPhysics(),
      createCompiledEngine(),
      report,
    );
    stages.host = host;
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    host.close();
    return null;
  },
};

async function prepare({
  data,
  source,
  sampler,
  actionHorizon,
  seed,
}: EvaluationInput): Promise<Omit<EvaluationSetup, 'batch'>> {
  const policy = await loadPolicy(openWorkspace(data), source);
  return {
    rapier: await loadPhysics(),
    task: findTask(policy.spec.task),
    engine: createCompiledEngine(),
    policy,
    sampler,
    actionHorizon,
    seed,
  };
}

const stopping = new AbortController();
const stages: { host: StageHost | null } = { host: null };

function send(message: FromWorker, done?: () => void): void {
  if (process.connected) process.send?.(message, undefined, undefined, done);
}

async function start<K extends WorkKind>(kind: K, input: Work[K]['input']): Promise<void> {
  const report = (progress: Work[K]['progress']) => send({ type: 'progress', progress });
  const end = () => process.exit(0);
  try {
    const handler: Handlers[K] = HANDLERS[kind];
    const result = await handler(input, { signal: stopping.signal, report, stages });
    send({ type: 'result', result }, end);
  } catch (error) {
    const report = reportError(error);
    if (report.code === 'internal') console.error(error);
    send({ type: 'error', error: report }, end);
  }
}

process.on('message', (message: ToWorker) => {
  if (message.type === 'start') void start(message.kind, message.input);
  else if (message.type === 'stage') stages.host?.command(message.command);
  else stopping.abort();
});
// Without a parent nobody reads the result.
process.on('disconnect', () => process.exit(0));
// A terminal sends Ctrl-C to the whole group; the parent decides what it means for this one.
process.on('SIGINT', () => {});
