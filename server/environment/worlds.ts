import {
  ACTION_DIM,
  type ControlHz,
  Episode,
  PhysicsDivergedError,
  type Rapier,
  STATE_DIM,
  type Task,
} from '../../sim/index.ts';
import { evaluationStart } from '../acting/evaluation-start.ts';
import { Eye } from '../acting/eye.ts';
import { ObservationHistory } from '../acting/observation-history.ts';
import { tcpPath } from '../acting/rollout.ts';
import type { Sendable } from '../openpi/codec.ts';
import { floats, type NumpyArray } from '../openpi/numpy.ts';
import { ProtocolError } from '../protocol/errors.ts';
import {
  checkPixels,
  type EnvironmentRequest,
  type RenderRequest,
  type ResetRequest,
  type Seeing,
  type StepRequest,
} from './request.ts';

export type AnswerFields = Readonly<Record<string, Sendable>>;

export interface WorldsSetup {
  readonly rapier: Rapier;
  readonly task: Task;
  readonly controlHz: ControlHz;
}

/** A world of a client: an attempt, and what was seen of it. */
interface World {
  readonly episode: Episode;
  readonly history: ObservationHistory;
  /** Why it cannot go on, where it left physics. */
  failure: string | null;
}

/** What a step did in one world. */
interface Moved {
  /** Rows carried out: fewer than asked for where it was decided. */
  readonly executed: number;
  /** What the plan does at the obstacle; null where it ends before it, or is no plan. */
  readonly plan: string | null;
  /** 1 where it succeeded now. */
  readonly reward: number;
}

/** The worlds of one client, which advance in lockstep and are judged as a comparison judges. */
export class Worlds {
  readonly #setup: WorldsSetup;
  #worlds: World[] = [];
  #seeing: Seeing = { obsHorizon: null, picture: null };

  constructor(setup: WorldsSetup) {
    this.#setup = setup;
  }

  get count(): number {
    return this.#worlds.length;
  }

  /**
   * @returns what the client is told, an entry a world
   * @throws ProtocolError 'invalid-request', 'conflict'; SimError for a start that cannot be. All worlds
   *         are then as they were
   * @cost 1 ms a world that begins, 0.6 ms a control step at 20 Hz
   */
  answer(request: EnvironmentRequest): AnswerFields {
    switch (request.op) {
      case 'reset':
        return this.#reset(request);
      case 'step':
        return this.#step(request);
      case 'render':
        return this.#render(request);
    }
  }

  /** Releases all worlds. */
  free(): void {
    for (const { episode } of this.#worlds.splice(0)) episode.free();
  }

  #reset({ seed, starts, instructions, worlds, seeing }: ResetRequest): AnswerFields {
    const places = worlds ?? starts.map((_, i) => i);
    // Before anything begins: those that are to begin anew must be there.
    if (worlds) this.#at(worlds);
    const { obsHorizon } = worlds ? this.#seeing : seeing;
    const begun: World[] = [];
    try {
      for (const [i, start] of starts.entries()) {
        begun.push(this.#begin({ seed, start, instruction: instructions?.[i] }, obsHorizon ?? 1));
      }
    } catch (error) {
      for (const { episode } of begun) episode.free();
      throw error;
    }
    if (!worlds) {
      this.free();
      this.#seeing = seeing;
    }
    for (const [i, place] of places.entries()) {
      this.#worlds[place]?.episode.free();
      this.#worlds[place] = begun[i];
    }
    return {
      ...this.#observe(begun),
      instruction: begun.map(({ episode }) => episode.instruction),
    };
  }

  #begin(
    start: { seed: number; start: number; instruction: string | undefined },
    obsHorizon: number,
  ): World {
    const { rapier, task, controlHz } = this.#setup;
    const episode = Episode.create(rapier, task, evaluationStart(task, start), controlHz);
    const history = new ObservationHistory(obsHorizon);
    history.observe(episode);
    return { episode, history, failure: null };
  }

  #step({ actions, worlds: count, rows, execute, only }: StepRequest): AnswerFields {
    const worlds = only ? this.#at(only) : this.#all();
    if (worlds.length !== count) {
      throw new ProtocolError(
        'invalid-request',
        `actions: expected a row for each of ${worlds.length} worlds, got ${count}; name those that ` +
          'are to move in "worlds", or reset as many',
      );
    }
    const size = rows * ACTION_DIM;
    const moved = worlds.map((world, i) =>
      move(world, actions.subarray(i * size, (i + 1) * size), execute),
    );
    const failures = worlds.map(({ failure }) => failure);
    return {
      ...this.#observe(worlds),
      reward: floats(
        Float32Array.from(moved, ({ reward }) => reward),
        [count],
      ),
      success: flags(worlds, ({ episode }) => episode.progress.success),
      terminated: flags(worlds, isDecided),
      truncated: flags(worlds, (world) => isOver(world) && !isDecided(world)),
      contact: flags(worlds, ({ episode }) => episode.progress.contact),
      executed: whole(moved.map(({ executed }) => executed)),
      plan: moved.map(({ plan }) => plan),
      mode: worlds.map(({ episode }) => episode.progress.mode),
      lifted: worlds.map(({ episode }) => episode.progress.lifted),
      replay_hash: worlds.map(({ episode }) => episode.hash),
      ...(failures.some((failure) => failure !== null) && { failure: failures }),
    };
  }

  #render({ size }: RenderRequest): AnswerFields {
    const worlds = this.#all();
    checkPixels(worlds.length, size);
    return { pictures: pictures(worlds, size) };
  }

  #observe(worlds: readonly World[]): AnswerFields {
    const { obsHorizon, picture } = this.#seeing;
    const environment = this.#setup.task.environmentNames.length;
    const [steps, dim] = [obsHorizon ?? 1, STATE_DIM + environment];
    const seen = new Float32Array(worlds.length * steps * dim);
    for (const [i, { history }] of worlds.entries()) {
      history.write(seen.subarray(i * steps * dim, (i + 1) * steps * dim));
    }
    const part = (from: number, to: number) => {
      const out = new Float32Array(worlds.length * steps * (to - from));
      for (let row = 0; row < worlds.length * steps; row++) {
        out.set(seen.subarray(row * dim + from, row * dim + to), row * (to - from));
      }
      return floats(out, [worlds.length, ...(obsHorizon === null ? [] : [steps]), to - from]);
    };
    return {
      'observation.state': part(0, STATE_DIM),
      'observation.environment_state': part(STATE_DIM, dim),
      ...(picture !== null && { 'observation.images.front': pictures(worlds, picture) }),
      steps: whole(worlds.map(({ episode }) => episode.steps)),
    };
  }

  #all(): readonly World[] {
    if (this.#worlds.length > 0) return this.#worlds;
    throw new ProtocolError('conflict', 'expected worlds, got none yet; ask for "reset" first');
  }

  /** @throws ProtocolError 'invalid-request' for a place that there is no world at */
  #at(places: readonly number[]): readonly World[] {
    return places.map((place) => {
      const world = this.#worlds[place];
      if (world) return world;
      throw new ProtocolError(
        'invalid-request',
        `worlds: expected places below ${this.#worlds.length}, got ${place}; reset all for more`,
      );
    });
  }
}

/** Carries out rows of a plan until the attempt is over; one that is over stays as it is. */
function move(world: World, plan: Float32Array, execute: number): Moved {
  const { episode, history } = world;
  if (isOver(world)) return { executed: 0, plan: null, reward: 0 };
  const passes =
    plan.length > ACTION_DIM ? episode.task.classifyPath([episode.tcp(), ...tcpPath(plan)]) : null;
  let executed = 0;
  try {
    for (; executed < execute && !isOver(world); executed++) {
      episode.step(plan.subarray(executed * ACTION_DIM, (executed + 1) * ACTION_DIM));
      history.observe(episode);
    }
  } catch (error) {
    if (!(error instanceof PhysicsDivergedError)) throw error;
    world.failure = error.message;
  }
  return { executed, plan: passes, reward: episode.progress.success ? 1 : 0 };
}

function isOver({ episode, failure }: World): boolean {
  return failure !== null || episode.decided;
}

/** Whether success is reached, or out of reach, whatever the time. */
function isDecided({ episode }: World): boolean {
  return episode.decidedAfter(0);
}

function flags(worlds: readonly World[], holds: (world: World) => boolean): NumpyArray {
  const data = Uint8Array.from(worlds, (world) => (holds(world) ? 1 : 0));
  return { dtype: '|b1', shape: [worlds.length], data };
}

function whole(values: readonly number[]): NumpyArray {
  return { dtype: '<i4', shape: [values.length], data: Int32Array.from(values) };
}

/** What the front camera sees, [n, size, size, 3]. */
function pictures(worlds: readonly World[], size: number): NumpyArray {
  const eye = new Eye(size);
  const data = new Uint8Array(worlds.length * eye.bytes);
  for (const [i, { episode }] of worlds.entries()) data.set(eye.see(episode), i * eye.bytes);
  return { dtype: '|u1', shape: [worlds.length, size, size, 3], data };
}
