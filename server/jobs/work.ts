import { findTask, loadPhysics } from '../../sim/index.ts';
import { reportError } from '../error-report.ts';
import type { GridResult } from '../evaluation/evaluate.ts';
import { checkProgram } from '../experiments/code.ts';
import { ExperimentStore } from '../experiments/store.ts';
import type { PolicySource } from '../protocol/sources.ts';
import { FIRST_POLICIES } from '../protocol/stage-defaults.ts';
import { openWorkspace } from '../storage/workspace.ts';
import { untilEnded } from './parallel.ts';
import type { Performers } from './work-kinds.ts';

export type { CommandOf, Work, WorkContext, WorkKind } from './work-kinds.ts';

/**
 * How each kind of work is done. What a kind needs is loaded when it begins: all of it together takes
 * longer than most of it does.
 */
export const PERFORM: Performers = {
  async train({ place, run, heldBy, by, patienceMs }, { signal, report }) {
    if (by) await checkProgram(by, `run ${run}`, 'training');
    const { runs, datasets } = openWorkspace(place);
    const { openEngine } = await import('../storage/open-engine.ts');
    const { trainRun } = await import('../training/train.ts');
    const engine = await openEngine(place).catch(async (error: unknown) => {
      // Nobody would train it: it must not seem to wait for its turn for ever.
      await runs.fail(run, reportError(error).message, heldBy);
      throw error;
    });
    return trainRun(runs, datasets, run, {
      ...{ engine, signal, heldBy, patienceMs, reading: place },
      onMetric: report,
      onPreparation: report,
    });
  },

  async generate({ place, request }, { signal, report }) {
    const { generateInParallel } = await import('./generate.ts');
    const options = { onProgress: report, signal };
    return generateInParallel(openWorkspace(place), await loadPhysics(), request, options);
  },

  async demonstrate({ part, every, by }, { report }) {
    const { demonstratePart } = await import('../datasets/generate.ts');
    if (by) await checkProgram(by, 'demonstrations', 'demonstrations');
    await demonstratePart(await loadPhysics(), part, report, every);
    return null;
  },

  async rollouts({ parts, batch }, { report }) {
    const { Evaluator } = await import('../evaluation/input.ts');
    const evaluator = new Evaluator();
    const results: GridResult[][] = [];
    let ended = 0;
    let engine = '';
    try {
      for (const part of parts) {
        const done = await evaluator.evaluate(part, batch, { onEnded: () => report(++ended) });
        engine = done.engine;
        results.push(done.results);
      }
    } finally {
      await evaluator.dispose();
    }
    return { results, engine };
  },

  async shards({ place }, { signal, report, onHost }) {
    const { ShardHost } = await import('../experiments/shard-host.ts');
    onHost(new ShardHost(place, report, reportError));
    return untilEnded(signal);
  },

  async 'list-experiments'({ place }) {
    const { listExperiments } = await import('../experiments/list.ts');
    return listExperiments(openWorkspace(place), new ExperimentStore(place.data));
  },

  async 'view-experiment'({ place, name }) {
    const { viewExperiment } = await import('../experiments/view.ts');
    return viewExperiment(openWorkspace(place), new ExperimentStore(place.data), name);
  },

  async 'list-rollouts'({ place, request }) {
    const { listRollouts } = await import('../experiments/list-rollouts.ts');
    return listRollouts(openWorkspace(place), new ExperimentStore(place.data), request);
  },

  async latency(input) {
    const { timePlans } = await import('../evaluation/evaluate.ts');
    const { preparePlanning } = await import('../evaluation/input.ts');
    return timePlans(await preparePlanning(input));
  },

  async 'control-loop'({ input, loop }, { report }) {
    const { measureLatency } = await import('../evaluation/latency.ts');
    const { prepareEvaluation } = await import('../evaluation/input.ts');
    const setup = await prepareEvaluation(input);
    let reported = 0;
    const onProgress = (seconds: number) => {
      // Not at every tick: what is measured here must not wait for it.
      if (seconds < reported + 1) return;
      reported = Math.floor(seconds);
      report(reported);
    };
    return measureLatency({ ...setup, ...loop, onProgress });
  },

  async accept({ place, recording, commands }) {
    const { acceptRecording } = await import('../datasets/datasets.ts');
    const rapier = await loadPhysics();
    return acceptRecording(openWorkspace(place).datasets, rapier, recording, commands);
  },

  async inspect({ place, names }) {
    const { inspectDatasets } = await import('../datasets/datasets.ts');
    return inspectDatasets(openWorkspace(place).datasets, names);
  },

  async edit({ place, request }) {
    const { editDataset } = await import('../datasets/edit.ts');
    return editDataset(openWorkspace(place).datasets, await loadPhysics(), request);
  },

  async split({ place, request }) {
    const { splitDataset } = await import('../datasets/edit.ts');
    return splitDataset(openWorkspace(place).datasets, request);
  },

  async merge({ place, request }) {
    const { mergeDatasets } = await import('../datasets/edit.ts');
    return mergeDatasets(openWorkspace(place).datasets, request);
  },

  async pack({ place, name, path }) {
    const { packDataset } = await import('../datasets/transfer.ts');
    return packDataset(openWorkspace(place).datasets, name, path);
  },

  async import({ place, request }, { signal, report }) {
    const { importDataset } = await import('../datasets/transfer.ts');
    const { datasets } = openWorkspace(place);
    return importDataset(datasets, request, { onProgress: report, signal });
  },

  async overview({ place, name }) {
    const { readOverview } = await import('../datasets/views.ts');
    return readOverview(openWorkspace(place).datasets, name);
  },

  async 'view-episode'({ place, request }) {
    const { readEpisodeView } = await import('../datasets/views.ts');
    return readEpisodeView(openWorkspace(place).datasets, await loadPhysics(), request);
  },

  async actions({ place, request }) {
    const { readActions } = await import('../datasets/demonstrated-actions.ts');
    return readActions(openWorkspace(place).datasets, request);
  },

  async 'read-cats'(input, { report }) {
    const { readCats } = await import('../painting/read-cats.ts');
    return readCats(input, report);
  },

  async 'noise-levels'({ place, request }) {
    const { openEngine } = await import('../storage/open-engine.ts');
    const { measureNoiseLevels } = await import('../training/noise-levels.ts');
    return measureNoiseLevels(openWorkspace(place), await openEngine(place), request);
  },

  async stages({ place }, { signal, report, onHost }) {
    const { openEngine } = await import('../storage/open-engine.ts');
    const { openPolicy, revisionOf } = await import('../storage/open-policy.ts');
    const { StageHost } = await import('../stage/stage-host.ts');
    const engine = await openEngine(place);
    const workspace = openWorkspace(place);
    const policies = {
      open: (source: PolicySource) => openPolicy(workspace, engine, source),
      revision: (source: PolicySource) => revisionOf(workspace, source),
    };
    const world = { rapier: await loadPhysics(), engine: engine.name, policies };
    const host = new StageHost({ ...world, report: reportError }, report);
    onHost(host);
    const first = FIRST_POLICIES.map((name): PolicySource => ({ kind: 'shipped', name }));
    // What stands in the way of one is told to who asks for it.
    void host.makeReady(first).catch(() => undefined);
    await untilEnded(signal);
    host.close();
    return null;
  },

  async paint({ place, files }, { signal, report, onHost }) {
    const { openEngine } = await import('../storage/open-engine.ts');
    const { PainterHost } = await import('../painting/painter-host.ts');
    onHost(new PainterHost(await openEngine(place), files, report, place));
    return untilEnded(signal);
  },

  async plans({ place, source, sampler, batch }, { signal, report, onHost }) {
    const { openEngine } = await import('../storage/open-engine.ts');
    const { openPolicy } = await import('../storage/open-policy.ts');
    const { PlanHost } = await import('../openpi/plan-host.ts');
    const policy = await openPolicy(openWorkspace(place), await openEngine(place), source);
    const planning = sampler ? { sampler } : {};
    onHost(await PlanHost.open(policy, { planning, batch, reply: report, report: reportError }));
    return untilEnded(signal);
  },

  async worlds({ task, controlHz }, { signal, report, onHost }) {
    const { WorldHost } = await import('../environment/world-host.ts');
    const world = { rapier: await loadPhysics(), task: findTask(task), controlHz };
    onHost(new WorldHost({ ...world, reply: report, report: reportError }));
    return untilEnded(signal);
  },
};
