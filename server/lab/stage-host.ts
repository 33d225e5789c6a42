import type { Engine } from '../../policies/engine/index.ts';
import { Planner } from '../../policies/policy.ts';
import { createPlan } from '../../policies/samplers/index.ts';
import { chooseSampler } from '../../policies/spec/index.ts';
import type { Rapier } from '../../sim/index.ts';
import type { ErrorReport } from '../protocol/errors.ts';
import type { Lane, StageEpisode, StageSettings } from '../protocol/stage.ts';
import { commonHorizon } from './comparison.ts';
import { reportError } from './error-report.ts';
import { Stage } from './stage.ts';
import type { StagePolicy } from './stage-lane.ts';
import { loadPolicy, type Workspace } from './workspace.ts';

/** What the stages say, by viewer. */
export type StageMessage =
  | { readonly viewer: string; readonly kind: 'frame' | 'fan'; readonly packed: Float32Array }
  | { readonly viewer: string; readonly kind: 'episode'; readonly episode: StageEpisode }
  | { readonly viewer: string; readonly kind: 'error'; readonly error: ErrorReport };

/** What the stages are told. */
export type StageCommand = { readonly viewer: string } & (
  | { readonly kind: 'set'; readonly settings: StageSettings }
  | { readonly kind: 'play'; readonly playing: boolean }
  | { readonly kind: 'speed'; readonly speed: number }
  | { readonly kind: 'next' }
  | { readonly kind: 'close' }
);

/** Compiled policies kept, beyond those on a stage. */
const MAX_PLANNERS = 24;

/** One viewer's stage, and what was last asked of it. */
interface Viewer {
  stage: Stage | null;
  /** Counts settings; those overtaken while their policies were compiled are dropped. */
  version: number;
  playing: boolean;
}

/** The live stages of all viewers, in one process: they share compiled policies. */
export class StageHost {
  readonly #workspace: Workspace;
  readonly #rapier: Rapier;
  readonly #engine: Engine;
  readonly #send: (message: StageMessage) => void;
  readonly #viewers = new Map<string, Viewer>();
  /** By what they were made of, oldest first. */
  readonly #policies = new Map<string, Promise<StagePolicy>>();

  constructor(
    workspace: Workspace,
    rapier: Rapier,
    engine: Engine,
    send: (message: StageMessage) => void,
  ) {
    this.#workspace = workspace;
    this.#rapier = rapier;
    this.#engine = engine;
    this.#send = send;
  }

  command(command: StageCommand): void {
    const { viewer: id } = command;
    if (command.kind === 'set') {
      const viewer = this.#viewers.get(id) ?? { stage: null, version: 0, playing: true };
      this.#viewers.set(id, viewer);
      viewer.version++;
      void this.#open(id, viewer, command.settings);
      return;
    }
    const viewer = this.#viewers.get(id);
    if (!viewer) return;
    switch (command.kind) {
      case 'play':
        viewer.playing = command.playing;
        viewer.stage?.play(command.playing);
        break;
      case 'speed':
        viewer.stage?.setSpeed(command.speed);
        break;
      case 'next':
        viewer.stage?.next();
        break;
      case 'close':
        viewer.version++;
        viewer.stage?.close();
        this.#viewers.delete(id);
    }
  }

  close(): void {
    for (const { stage } of this.#viewers.values()) stage?.close();
    this.#viewers.clear();
  }

  async #open(id: string, viewer: Viewer, settings: StageSettings): Promise<void> {
    const { version } = viewer;
    try {
      const policies = await Promise.all(
        settings.lanes.map((lane) => this.#policy(lane, settings.fan)),
      );
      if (viewer.version !== version) return;
      viewer.stage?.close();
      const stage = new Stage({
        rapier: this.#rapier,
        settings,
        policies,
        engine: this.#engine.name,
        actionHorizon: commonHorizon(
          policies.map(({ planner }) => planner.policy.spec),
          settings.actionHorizon,
        ),
        audience: {
          frame: (packed) => this.#send({ viewer: id, kind: 'frame', packed }),
          fan: (packed) => this.#send({ viewer: id, kind: 'fan', packed }),
          episode: (episode) => this.#send({ viewer: id, kind: 'episode', episode }),
        },
      });
      viewer.stage = stage;
      stage.play(viewer.playing);
      await stage.run();
    } catch (error) {
      this.#send({ viewer: id, kind: 'error', error: reportError(error) });
    }
  }

  async #policy(lane: Lane, fan: number): Promise<StagePolicy> {
    const key = JSON.stringify([lane, fan, await this.#revision(lane)]);
    const known = this.#policies.get(key);
    if (known) return known;
    const made = this.#compile(lane, fan);
    this.#policies.set(key, made);
    made.catch(() => this.#policies.delete(key));
    for (const oldest of this.#policies.keys()) {
      if (this.#policies.size <= MAX_PLANNERS) break;
      // Let go, not disposed of: a stage may still act with it.
      this.#policies.delete(oldest);
    }
    return made;
  }

  /** Changes when a run has written another checkpoint. */
  async #revision({ policy }: Lane): Promise<number> {
    if (policy.kind === 'shipped') return 0;
    const { step } = await this.#workspace.runs.read(policy.id);
    return step;
  }

  async #compile(lane: Lane, fan: number): Promise<StagePolicy> {
    const policy = await loadPolicy(this.#workspace, lane.policy);
    const { objective } = policy.spec;
    const sampler = chooseSampler(objective, lane);
    const plan = createPlan(objective, sampler);
    const planner = await Planner.create(this.#engine, policy, plan, 1);
    const fanPlanner = await Planner.create(this.#engine, policy, plan, fan);
    return { source: lane.policy, sampler, planner, fanPlanner, parameters: policy.weights.length };
  }
}
