import { performance } from 'node:perf_hooks';
import { nfeOf, policyName } from '../../policies/spec/index.ts';
import {
  findTask,
  type InitialState,
  type Progress,
  type Rapier,
  startSeed,
  type Task,
} from '../../sim/index.ts';
import { packFrame } from '../protocol/frames.ts';
import type { LaneCounts, StageEpisode, StageSettings } from '../protocol/stage.ts';
import { StageLane, type StagePolicy } from './stage-lane.ts';

/** Pause between episodes, s. */
const PAUSE = 0.8;

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
      (policy, index) => new StageLane(this.#rapier, this.#task, initial, policy, index),
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
        // One fan a control step, after the frame: fans are to look at and must not hold up motion.
        const fan = await lanes.find((lane) => lane.owesFan)?.drawFan();
        if (fan) this.#audience.fan(fan);
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

  async #advance(lanes: readonly StageLane[], episode: number): Promise<void> {
    for (const lane of lanes) {
      if (lane.ended) continue;
      if (lane.needsPlan(this.#actionHorizon)) await lane.plan([this.#settings.seed, episode]);
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
        policy: policyName(planner.policy.spec),
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

  #sendFrame(lanes: readonly StageLane[]): void {
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
