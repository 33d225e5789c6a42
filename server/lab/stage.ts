import { performance } from 'node:perf_hooks';
import type { Planner } from '../../policies/policy.ts';
import { Random } from '../../policies/random.ts';
import { nfeOf, policyName, type SamplerSpec } from '../../policies/spec/index.ts';
import {
  ACTION_DIM,
  Episode,
  findTask,
  type InitialState,
  type Progress,
  type Rapier,
  startSeed,
  type Task,
} from '../../sim/index.ts';
import { PLAN_MODES, type PlanMode, packFan, packFrame } from '../protocol/frames.ts';
import type { LaneCounts, PolicySource, StageEpisode, StageSettings } from '../protocol/stage.ts';
import { ObservationHistory } from './observation-history.ts';
import { tcpPath } from './rollout.ts';

/** How long an episode goes on after it is decided, s: one sees the post being hit. */
const LINGER = 1;
/** Pause between episodes, s. */
const PAUSE = 0.8;

/** A policy made ready to act and to draw its fan at once. */
export interface StagePolicy {
  readonly source: PolicySource;
  readonly sampler: SamplerSpec;
  /** Compiled for a batch of the fan's size. */
  readonly planner: Planner;
  readonly parameters: number;
}

/** Where a stage's messages go. */
export interface StageAudience {
  frame(packed: Float32Array): void;
  fan(packed: Float32Array): void;
  episode(episode: StageEpisode): void;
}

/**
 * Several policies at the same start with the same noise, stepped together in real time.
 * `run` plays episode after episode until `close`.
 */
export class Stage {
  readonly #rapier: Rapier;
  readonly #task: Task;
  readonly #settings: StageSettings;
  readonly #policies: readonly StagePolicy[];
  readonly #audience: StageAudience;
  readonly #engine: string;
  readonly #actionHorizon: number;
  readonly #counts: LaneCounts[];
  #speed: number;
  #playing = true;
  #closed = false;
  #skip = false;
  #sequence = 0;
  /** Resolves what waits for `play`, `next` or `close`. */
  #wake: () => void = () => {};

  constructor({
    rapier,
    settings,
    policies,
    audience,
    engine,
    actionHorizon,
  }: {
    rapier: Rapier;
    settings: StageSettings;
    policies: readonly StagePolicy[];
    audience: StageAudience;
    engine: string;
    actionHorizon: number;
  }) {
    this.#rapier = rapier;
    this.#task = findTask(settings.task);
    this.#settings = settings;
    this.#policies = policies;
    this.#audience = audience;
    this.#engine = engine;
    this.#actionHorizon = actionHorizon;
    this.#speed = settings.speed;
    this.#counts = policies.map(() => ({
      episodes: 0,
      successes: 0,
      contacts: 0,
      modes: Object.fromEntries(this.#task.modes.map((mode) => [mode, 0])),
    }));
  }

  play(playing: boolean): void {
    this.#playing = playing;
    this.#wake();
  }

  setSpeed(speed: number): void {
    this.#speed = speed;
  }

  next(): void {
    this.#skip = true;
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /** @throws PhysicsDivergedError */
  async run(): Promise<void> {
    for (let episode = this.#settings.episode; !this.#closed; episode++) {
      await this.#play(episode);
    }
  }

  async #play(episode: number): Promise<void> {
    const initial = this.#initialState(episode);
    const lanes = this.#policies.map(
      (policy, index) => new LaneState(this.#rapier, this.#task, initial, policy, index),
    );
    try {
      this.#announce(episode, initial);
      this.#sendFrame(lanes);
      let due = performance.now();
      while (!this.#closed && !this.#skip && lanes.some((lane) => !lane.ended)) {
        const period = 1000 / (lanes[0].episode.controlHz * this.#speed);
        // Late is late: after a long plan or a pause the clock goes on from now.
        due = Math.max(due + period, performance.now());
        await this.#advance(lanes, episode);
        this.#sendFrame(lanes);
        await this.#waitUntil(due);
      }
      if (!this.#skip) {
        lanes.forEach((lane, i) => {
          this.#counts[i] = count(this.#counts[i], lane.outcome ?? lane.episode.progress);
        });
        await this.#waitUntil(performance.now() + (PAUSE * 1000) / this.#speed);
      }
      this.#skip = false;
    } finally {
      for (const lane of lanes) lane.episode.free();
    }
  }

  async #advance(lanes: readonly LaneState[], episode: number): Promise<void> {
    for (const lane of lanes) {
      if (lane.ended) continue;
      if (lane.needsPlan(this.#actionHorizon)) {
        const fan = await lane.plan([this.#settings.seed, episode]);
        this.#audience.fan(fan);
      }
      lane.step();
    }
  }

  #initialState(episode: number): InitialState {
    const { seed, object } = this.#settings;
    const initial = this.#task.sampleInitialState(startSeed('evaluation', seed, episode));
    if (!object) return initial;
    const [x, y] = object.map(Math.fround);
    return { ...initial, objects: [[x, y, initial.objects[0][2]]] };
  }

  #announce(episode: number, initial: InitialState): void {
    this.#audience.episode({
      episode,
      actionHorizon: this.#actionHorizon,
      controlHz: this.#policies[0].planner.policy.spec.controlHz,
      engine: this.#engine,
      lanes: this.#policies.map(({ source, sampler, planner, parameters }) => ({
        policy: policyName(planner.policy.spec.objective),
        source,
        sampler: sampler.kind,
        nfe: nfeOf(sampler, planner.policy.spec.objective),
        parameters,
        predHorizon: planner.policy.spec.predHorizon,
      })),
      counts: this.#counts,
      object: initial.objects[0],
    });
  }

  #sendFrame(lanes: readonly LaneState[]): void {
    this.#sequence++;
    const frames = lanes.map((lane) => {
      const { state } = lane.episode.observe();
      const { contact, success } = lane.episode.progress;
      return {
        joints: state.subarray(0, 7),
        opening: state[7],
        object: lane.episode.objectPositions()[0],
        contact,
        success,
        ended: lane.ended,
      };
    });
    const step = Math.max(...lanes.map((lane) => lane.episode.steps));
    this.#audience.frame(packFrame({ sequence: this.#sequence, step, lanes: frames }));
  }

  /** Waits for a time, and for as long as the stage does not play. */
  async #waitUntil(due: number): Promise<void> {
    do {
      const left = Math.max(0, due - performance.now());
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#playing) setTimeout(resolve, left);
      });
      if (this.#closed || this.#skip) return;
    } while (!this.#playing || performance.now() < due);
  }
}

/** One policy's world within an episode. */
class LaneState {
  readonly episode: Episode;
  readonly #policy: StagePolicy;
  readonly #index: number;
  readonly #history: ObservationHistory;
  #chunk: Float32Array | null = null;
  /** Actions of the chunk carried out. */
  #done = 0;
  #chunks = 0;
  #lingered = 0;
  #outcome: Progress | null = null;

  constructor(
    rapier: Rapier,
    task: Task,
    initial: InitialState,
    policy: StagePolicy,
    index: number,
  ) {
    const { spec } = policy.planner.policy;
    this.episode = Episode.create(rapier, task, initial, spec.controlHz);
    this.#policy = policy;
    this.#index = index;
    this.#history = new ObservationHistory(spec.obsHorizon);
    this.#history.observe(this.episode);
  }

  /** What stood when the attempt was decided; null until then. */
  get outcome(): Progress | null {
    return this.#outcome;
  }

  get ended(): boolean {
    return this.#lingered >= LINGER * this.episode.controlHz;
  }

  needsPlan(actionHorizon: number): boolean {
    return this.#chunk === null || this.#done >= actionHorizon;
  }

  /** Draws the fan; its first future becomes the plan. */
  async plan(key: readonly number[]): Promise<Float32Array> {
    const { planner, sampler } = this.#policy;
    const { spec, observationDim } = planner.policy;
    const size = spec.obsHorizon * observationDim;
    const observation = new Float32Array(planner.batch * size);
    this.#history.write(observation.subarray(0, size));
    const chunkSize = spec.predHorizon * ACTION_DIM;
    for (let i = 1; i < planner.batch; i++) observation.copyWithin(i * size, 0, size);
    const streams = Array.from({ length: planner.batch }, (_, i) =>
      Random.of(...key, i, this.#chunks),
    );
    const began = performance.now();
    const chunks = await planner.draw(observation, streams);
    const milliseconds = performance.now() - began;
    this.#chunk = chunks.slice(0, chunkSize);
    this.#done = 0;
    this.#chunks++;
    const here = this.episode.tcp();
    const paths = Array.from({ length: planner.batch }, (_, i) => {
      const path = tcpPath(chunks.subarray(i * chunkSize, (i + 1) * chunkSize));
      const mode = this.episode.task.classifyPath([here, ...path]);
      return { mode: planMode(mode), points: Float32Array.from(path.flat()) };
    });
    return packFan({
      lane: this.#index,
      step: this.episode.steps,
      nfe: nfeOf(sampler, spec.objective),
      milliseconds,
      horizon: spec.predHorizon,
      paths,
    });
  }

  step(): void {
    if (!this.#chunk) throw new Error('a lane plans before it steps');
    const at = this.#done * ACTION_DIM;
    this.episode.step(this.#chunk.subarray(at, at + ACTION_DIM));
    this.#history.observe(this.episode);
    this.#done++;
    if (!this.episode.decided) return;
    this.#outcome ??= this.episode.progress;
    this.#lingered++;
  }
}

function planMode(mode: string | null): PlanMode {
  return PLAN_MODES.find((each) => each === mode) ?? 'none';
}

function count(counts: LaneCounts, { success, contact, mode }: Progress): LaneCounts {
  const modes = { ...counts.modes };
  if (success && mode !== null) modes[mode] = (modes[mode] ?? 0) + 1;
  return {
    episodes: counts.episodes + 1,
    successes: counts.successes + Number(success),
    contacts: counts.contacts + Number(contact),
    modes,
  };
}
