import { ACTION_DIM, type InitialState, type Rapier, type Task } from '../../sim/index.ts';
import type { Chunking } from '../protocol/chunking.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { InquiredMoment } from '../protocol/inquiry.ts';
import type { GoOnRequest } from '../protocol/takeover.ts';
import type { CommandsUntil } from '../protocol/takeover-commands.ts';
import { CommandLog } from './command-log.ts';
import type { InferenceLog } from './inference.ts';
import { rest } from './rest.ts';
import { StageLane, type StagePolicy } from './stage-lane.ts';

export interface TakeoversOptions {
  readonly rapier: Rapier;
  readonly task: Task;
  readonly policies: readonly StagePolicy[];
  readonly actionHorizon: number;
  /** What the arm of each policy does while a plan is made. */
  readonly chunkings: readonly (Chunking | undefined)[];
  readonly inferences: InferenceLog;
  /** What is otherwise in the world that is watched; a page steps one in which nothing is. */
  readonly perturb?: string | undefined;
}

/** An episode under way. */
interface UnderWay {
  readonly id: number;
  readonly initial: InitialState;
  readonly lanes: readonly StageLane[];
}

/**
 * Persons who take the arm out of a policy's hand on a stage, and give it back. The stage holds still
 * meanwhile; the page steps the world itself, from the commands until then.
 */
export class Takeovers {
  readonly #options: TakeoversOptions;
  readonly #commands = new CommandLog();
  /** Lanes that go on from where a person left them, from the next control step on. */
  readonly #givenBack = new Map<number, StageLane>();
  /** Lanes whose replay is under way. */
  readonly #returning = new Set<number>();
  #underWay: UnderWay | null = null;

  constructor(options: TakeoversOptions) {
    this.#options = options;
  }

  /** @param lanes of the episode; the array's entries change where one is given back */
  begin(id: number, initial: InitialState, lanes: readonly StageLane[]): void {
    this.#commands.begin(id, lanes.length);
    this.#underWay = { id, initial, lanes };
  }

  /** The episode is over. */
  end(): void {
    this.#underWay = null;
    for (const lane of this.#givenBack.values()) lane.episode.free();
    this.#givenBack.clear();
  }

  add(lane: number, command: Float32Array): void {
    if (this.#underWay) this.#commands.add(this.#underWay.id, lane, command);
  }

  /**
   * All that was commanded in a view until a moment.
   *
   * @throws ProtocolError 'not-found' where it is not kept; 'conflict' where something is perturbed
   */
  commandsUntil({ episodeId, lane, step }: InquiredMoment): CommandsUntil {
    const { perturb } = this.#options;
    if (perturb !== undefined) throw otherWorld(perturb);
    const found = this.#commands.until(episodeId, lane, step);
    if (found) return found;
    throw new ProtocolError(
      'not-found',
      `moment: expected one of the episode under way or of the one before that nobody took over since, ` +
        `got step ${step} of episode ${episodeId}, view ${lane}; take over in what is shown now`,
    );
  }

  /**
   * Lets a view go on from where a person left the arm: what they did is replayed from the episode's
   * start, and believed where it ends in the same bits.
   *
   * @param rows f32 [n, 8], commanded since the moment
   * @throws ProtocolError 'conflict' where the episode is over, or somebody else is giving the same arm
   *         back; 'failed' where the replay ends elsewhere
   * @throws SimError, PhysicsDivergedError
   * @cost 0.6 ms a control step, in parts
   */
  async goOn(moment: GoOnRequest, rows: Float32Array): Promise<void> {
    const { rapier, task, policies, actionHorizon, chunkings, inferences } = this.#options;
    const { episodeId, lane: index, replayHash } = moment;
    const before = this.commandsUntil(moment).commands;
    const under = this.#underWay;
    if (under?.id !== episodeId) throw episodeOver();
    if (this.#returning.has(index)) throw taken(index);
    const lane = new StageLane(rapier, task, under.initial, policies[index], {
      ...{ index, actionHorizon, chunking: chunkings[index] },
    });
    this.#returning.add(index);
    let kept = false;
    try {
      const step = stepOf(under.lanes);
      await lane.follow(Float32Array.from([...before, ...rows]), {
        step,
        plans: inferences.count(episodeId, index),
        pause: () => rest(0),
      });
      if (lane.episode.hash !== replayHash) throw otherEnd(lane.episode.hash, replayHash);
      if (this.#underWay !== under) throw episodeOver();
      this.#commands.replace(moment, { from: before.length / ACTION_DIM, rows, step });
      this.#givenBack.get(index)?.episode.free();
      this.#givenBack.set(index, lane);
      kept = true;
    } finally {
      this.#returning.delete(index);
      if (!kept) lane.episode.free();
    }
  }

  /** Whether a view waits to go on. */
  get waiting(): boolean {
    return this.#givenBack.size > 0;
  }

  /**
   * Puts what was given back in its place.
   *
   * @returns whether there was anything
   */
  takeBack(lanes: StageLane[]): boolean {
    const any = this.waiting;
    for (const [index, lane] of this.#givenBack) {
      lanes[index].episode.free();
      lanes[index] = lane;
    }
    this.#givenBack.clear();
    return any;
  }
}

/** Of a stage: all its lanes that have not ended are at the same one. */
export function stepOf(lanes: readonly StageLane[]): number {
  return Math.max(...lanes.map(({ step }) => step));
}

function otherWorld(perturb: string): ProtocolError {
  return new ProtocolError(
    'conflict',
    `take over: expected an episode with nothing perturbed, got ${perturb}; the page steps a world of ` +
      'its own meanwhile, in which nothing is: play without it first',
  );
}

function episodeOver(): ProtocolError {
  return new ProtocolError(
    'conflict',
    'takeover: expected the episode under way, got one that is over; save what you did as a ' +
      'correction, or take over in what is shown now',
  );
}

function taken(lane: number): ProtocolError {
  return new ProtocolError(
    'conflict',
    `takeover: expected an arm that nobody else holds, got that of view ${lane}, which is being given ` +
      'back from another takeover; save what you did as a correction, or take over in what is shown now',
  );
}

function otherEnd(server: string, page: string): ProtocolError {
  return new ProtocolError(
    'failed',
    `takeover: the server's replay ended in state ${server}, the page's in ${page}; reload the page ` +
      'so that both use the same physics',
  );
}
