import {
  findTask,
  type InitialState,
  modeNames,
  type Perturbation,
  type Rapier,
  type Task,
} from '../../sim/index.ts';
import type { Chunking } from '../protocol/chunking.ts';
import type { Ending } from '../protocol/ending.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { frameClock, packFrame } from '../protocol/frames.ts';
import type { InquiredMoment } from '../protocol/inquiry.ts';
import type {
  LaneCounts,
  LaneInfo,
  SoughtMoment,
  StageCommand,
  StageEpisode,
  StagePosition,
  StageSettings,
  StageTrouble,
} from '../protocol/stage.ts';
import type { GoOnRequest } from '../protocol/takeover.ts';
import type { CommandsUntil } from '../protocol/takeover-commands.ts';
import { chunkingsOf } from './chunkings.ts';
import { Endings } from './endings.ts';
import { type Inference, InferenceLog, noiseOf } from './inference.ts';
import { initialStateOf } from './initial-state.ts';
import { count, sameAttempts } from './lane-counts.ts';
import { laneInfos } from './lane-infos.ts';
import { perturbationOf } from './perturbed.ts';
import { StageLane, type StagePolicy } from './stage-lane.ts';
import { StagePace } from './stage-pace.ts';
import { stepOf, Takeovers } from './takeovers.ts';

/** Pause between episodes, s. */
const PAUSE = 0.8;

/** Of a control step that all views wait for one whose policy is asked elsewhere. */
const PATIENCE = 0.5;

/** What may be asked of a stage as it is; other settings make another one. */
export type StageChange = Exclude<StageCommand, { readonly kind: 'set' }>;

/** Where a stage's messages go. */
export interface StageAudience {
  /** @param kept it comes faster than anybody watches, and must not be missing later */
  frame(packed: Float32Array, kept: boolean): void;
  fan(packed: Float32Array, kept: boolean): void;
  episode(episode: StageEpisode): void;
  trouble(trouble: StageTrouble): void;
}

export interface StageOptions {
  readonly rapier: Rapier;
  readonly settings: StageSettings;
  /** Whether it plays from the beginning. @default true */
  readonly playing?: boolean;
  /** Plays to it as fast as it can, and rests there. @default in real time, and on */
  readonly until?: SoughtMoment | undefined;
  readonly policies: readonly StagePolicy[];
  readonly audience: StageAudience;
  /** As results name it. */
  readonly engine: string;
  /** Ta of all lanes. */
  readonly actionHorizon: number;
  /** An id for each episode, none of which the viewer has seen of late. */
  nextEpisodeId(): number;
  /** The stage whose place it takes: what that has counted and still holds is kept. */
  readonly before?: Stage | null;
}

/**
 * Several policies at the same start with the same noise, stepped together in real time.
 * `run` plays episode after episode until `close`.
 */
export class Stage {
  readonly settings: StageSettings;
  readonly policies: readonly StagePolicy[];
  readonly #rapier: Rapier;
  readonly #task: Task;
  readonly #audience: StageAudience;
  readonly #engine: string;
  readonly #actionHorizon: number;
  readonly #nextEpisodeId: () => number;
  #counts: LaneCounts[];
  readonly #inferences = new InferenceLog();
  readonly #endings = new Endings();
  readonly #takeovers: Takeovers;
  readonly #perturbation: Perturbation | undefined;
  readonly #pace: StagePace;
  readonly #chunkings: readonly (Chunking | undefined)[];
  /** The episode under way, and the counts before it. */
  #begun: { readonly episode: number; readonly counts: readonly LaneCounts[] } | null = null;
  #attention: boolean;
  #closed = false;
  #skip = false;
  /** Where it is to go on. */
  #ahead: StagePosition | null = null;
  /** Resolves what waits for a command or for `close`. */
  #wake: () => void = () => {};

  constructor({
    rapier,
    settings,
    playing = true,
    until,
    policies,
    audience,
    engine,
    actionHorizon,
    nextEpisodeId,
    before,
  }: StageOptions) {
    this.#rapier = rapier;
    this.#task = findTask(settings.task);
    this.settings = settings;
    this.policies = policies;
    this.#audience = audience;
    this.#engine = engine;
    this.#actionHorizon = actionHorizon;
    this.#nextEpisodeId = nextEpisodeId;
    this.#perturbation = perturbationOf(settings);
    this.#chunkings = chunkingsOf(settings, policies, actionHorizon);
    this.#takeovers = new Takeovers({
      ...{ rapier, task: this.#task, policies, actionHorizon, chunkings: this.#chunkings },
      perturb: this.#perturbation && settings.perturb,
      inferences: this.#inferences,
    });
    this.#pace = new StagePace(settings, policies, { playing, until });
    this.#attention = settings.attention;
    this.#counts = policies.map(
      (policy) =>
        before?.countsFor(policy, settings, actionHorizon) ?? {
          episodes: 0,
          successes: 0,
          contacts: 0,
          obeyed: 0,
          modes: Object.fromEntries(modeNames(this.#task).map((mode) => [mode, 0])),
        },
    );
    this.#task.validateInitialState(initialStateOf(this.#task, settings, settings.episode));
  }

  get task(): Task {
    return this.#task;
  }

  /**
   * What the plan of a moment was made from: the last one until then of the episode under way or of
   * the one before.
   *
   * @throws ProtocolError 'not-found' where there is none
   */
  inferenceAt({ episodeId, lane, step }: InquiredMoment): Inference {
    const found = this.#inferences.find(episodeId, lane, step);
    if (found) return found;
    throw new ProtocolError(
      'not-found',
      `moment: expected one of the episode under way or of the one before, and a view that acts, got ` +
        `episode ${episodeId}, view ${lane}, control step ${step}; choose a moment of what is shown`,
    );
  }

  /** As `Endings.of`. */
  endingOf(moment: InquiredMoment): Ending {
    return this.#endings.of(moment);
  }

  /** As `Takeovers.commandsUntil`. */
  commandsUntil(moment: InquiredMoment): CommandsUntil {
    return this.#takeovers.commandsUntil(moment);
  }

  /** As `Takeovers.goOn`. */
  async goOn(moment: GoOnRequest, rows: Float32Array): Promise<void> {
    await this.#takeovers.goOn(moment, rows);
    this.#wake();
  }

  command(command: StageChange): void {
    switch (command.kind) {
      case 'play':
        this.#pace.playing = command.playing;
        this.#pace.until = command.until;
        break;
      case 'speed':
        this.#pace.speed = command.speed;
        return;
      case 'attention':
        this.#attention = command.attention;
        return;
      case 'next':
        this.#skip = true;
        break;
      default:
        command satisfies never;
    }
    this.#wake();
  }

  /** Goes on with another episode, and with what counts before it: others who watch the same are there. */
  goTo(position: StagePosition): void {
    if (position.episode === this.#begun?.episode) return;
    this.#ahead = position;
    this.#skip = true;
    this.#wake();
  }

  close(): void {
    this.#closed = true;
    this.#wake();
  }

  /**
   * What a policy has achieved before the episode under way; null where a stage of these settings
   * would not begin with that episode, just as it is here.
   */
  countsFor(
    policy: StagePolicy,
    settings: StageSettings,
    actionHorizon: number,
  ): LaneCounts | null {
    const same =
      sameAttempts(settings, this.settings) &&
      settings.episode === this.#begun?.episode &&
      actionHorizon === this.#actionHorizon;
    return same ? (this.#begun?.counts[this.policies.indexOf(policy)] ?? null) : null;
  }

  /** @throws PhysicsDivergedError */
  async run(): Promise<void> {
    for (let next = this.settings.episode; !this.#closed; ) {
      const ahead = this.#ahead;
      this.#ahead = null;
      // What was cut short here was counted elsewhere.
      if (ahead) this.#counts = [...ahead.counts];
      const episode = ahead?.episode ?? next;
      await this.#play(episode);
      next = episode + 1;
    }
  }

  async #play(episode: number): Promise<void> {
    this.#begun = { episode, counts: [...this.#counts] };
    const initial = initialStateOf(this.#task, this.settings, episode);
    const { noiseKey, firstFuture } = noiseOf(this.settings, episode);
    const lanes = this.policies.map(
      (policy, index) =>
        new StageLane(this.#rapier, this.#task, initial, policy, {
          ...{ index, actionHorizon: this.#actionHorizon, perturbation: this.#perturbation },
          chunking: this.#chunkings[index],
          noiseKey: [...noiseKey, firstFuture],
        }),
    );
    try {
      const infos = await laneInfos(this.policies, this.#chunkings, initial.instruction);
      if (this.#closed) return;
      const id = this.#nextEpisodeId();
      this.#inferences.begin(id, lanes.length);
      this.#endings.begin(id, lanes.length);
      this.#takeovers.begin(id, initial, lanes);
      this.#announce(id, episode, initial, infos);
      this.#sendFrame(id, lanes);
      do {
        this.#pace.reach({ episode, step: stepOf(lanes) });
        await this.#act(id, lanes, episode);
        this.#pace.reach({ episode, step: Number.POSITIVE_INFINITY });
        await this.#endOf(lanes);
      } while (!this.#over && this.#takeovers.takeBack(lanes));
      this.#skip = false;
    } finally {
      this.#takeovers.end();
      for (const lane of lanes) lane.episode.free();
    }
  }

  /** Until all have ended, or are to. */
  async #act(id: number, lanes: StageLane[], episode: number): Promise<void> {
    let due = performance.now();
    while (lanes.some((lane) => !lane.ended)) {
      const period = this.#pace.hurries ? 0 : this.#pace.period(lanes[0].episode.controlHz);
      // Late is late: after a long plan or a pause the clock continues from now.
      due = Math.max(due + period, performance.now());
      await this.#waitUntil(due, { atRest: () => this.#drawFan(id, lanes) });
      if (this.#over) break;
      this.#takeovers.takeBack(lanes);
      const kept = this.#pace.hurries;
      await this.#advance(id, lanes, episode);
      this.#pace.reach({ episode, step: stepOf(lanes) });
      if (this.#closed) break;
      this.#sendFrame(id, lanes, kept);
      // One fan a control step, after the frame: fans are to look at and must not hold up motion.
      await this.#drawFan(id, lanes, kept);
      if (this.#closed) break;
    }
  }

  /** @returns whether a lane owed a fan */
  async #drawFan(id: number, lanes: readonly StageLane[], kept = false): Promise<boolean> {
    const fan = await lanes.find((lane) => lane.owesFan)?.drawFan(id);
    if (fan && !this.#closed) this.#audience.fan(fan, kept);
    return Boolean(fan);
  }

  /** Counts what all have come to, and lets it be seen for a moment. */
  async #endOf(lanes: readonly StageLane[]): Promise<void> {
    if (this.#over) return;
    const before = this.#begun?.counts ?? [];
    lanes.forEach(({ episode, outcome, assisted }, i) => {
      // With a person's help it is not the policy's success.
      this.#counts[i] = assisted
        ? before[i]
        : count(before[i], outcome ?? episode.progress, episode.goal);
    });
    await this.#waitUntil(performance.now() + (PAUSE * 1000) / this.#pace.speed, {
      enough: () => this.#takeovers.waiting,
    });
  }

  /** Whether the episode under way is to end here. */
  get #over(): boolean {
    return this.#closed || this.#skip;
  }

  async #advance(id: number, lanes: readonly StageLane[], episode: number): Promise<void> {
    for (const [index, lane] of lanes.entries()) {
      if (lane.ended) continue;
      if (lane.needsPlan) {
        const patience = PATIENCE * this.#pace.period(lane.episode.controlHz);
        const noise = noiseOf(this.settings, episode);
        const inference = await lane.plan(noise, this.#attention, patience);
        if (inference) this.#inferences.add(id, index, inference);
      }
      if (this.#closed) return;
      if (lane.trouble !== null) {
        this.#audience.trouble({ episodeId: id, lane: index, message: lane.trouble });
        continue;
      }
      this.#takeovers.add(index, lane.advance());
      this.#endings.put(id, index, lane.ending);
    }
  }

  #announce(
    id: number,
    episode: number,
    { objects, instruction }: InitialState,
    lanes: readonly LaneInfo[],
  ): void {
    this.#audience.episode({
      request: this.settings.request,
      id,
      task: this.#task.name,
      seed: this.settings.seed,
      noise: this.settings.noise,
      episode,
      actionHorizon: this.#actionHorizon,
      controlHz: this.policies[0].planner.policy.controlHz,
      engine: this.#engine,
      lanes,
      counts: this.#counts,
      objects,
      instruction: instruction ?? null,
    });
  }

  #sendFrame(episodeId: number, lanes: readonly StageLane[], kept = false): void {
    const step = stepOf(lanes);
    const frame = { episodeId, step, lanes: lanes.map((lane) => lane.frame()) };
    this.#audience.frame(packFrame(frame, frameClock()), kept);
  }

  /**
   * Waits for a time, and for as long as the stage does not play.
   *
   * @param enough ends the waiting of a stage that plays
   * @param atRest done while the stage does not play, again for as long as it says that it did something
   */
  async #waitUntil(
    due: number,
    {
      enough = () => false,
      atRest = async () => false,
    }: { enough?: () => boolean; atRest?: () => Promise<boolean> } = {},
  ): Promise<void> {
    do {
      while (!this.#pace.plays && !this.#over && (await atRest()));
      if (this.#over) return;
      const left = Math.max(0, due - performance.now());
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        if (this.#pace.plays) setTimeout(resolve, left);
      });
      if (this.#over || (this.#pace.plays && enough())) return;
    } while (!this.#pace.plays || performance.now() < due);
  }
}
