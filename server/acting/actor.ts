import type { PolicyDescription, Told } from '../../policies/policy.ts';
import { type KnownActions, prefixWeights } from '../../policies/samplers/known-actions.ts';
import { ACTION_DIM, type Episode, type Perturbation } from '../../sim/index.ts';
import { ChunkSchedule } from '../protocol/chunk-schedule.ts';
import type { Chunking } from '../protocol/chunking.ts';
import { Disturbance } from './disturbance.ts';
import { type Eye, eyeOf, toldOf } from './eye.ts';
import { ObservationHistory } from './observation-history.ts';

/** Each plan is there at once. */
const PROMPT: Chunking = { scheme: 'synchronous', delay: 0 };

/** What all actors of a policy have in common. */
export interface ActorSetup {
  readonly policy: Pick<PolicyDescription, 'obsHorizon' | 'observationDim' | 'predHorizon'>;
  readonly schedule: ChunkSchedule;
  readonly eye: Eye | null;
  /** What is otherwise than where it was trained; undefined where nothing is. */
  readonly perturbation: Perturbation | undefined;
}

/**
 * @param actionHorizon Ta, control steps. @default the whole plan
 * @param chunking      what the arm does while a plan is made. @default each plan is there at once
 * @param perturbation  what is otherwise than where it was trained. @default nothing
 * @throws ProtocolError 'invalid-request' for a delay that the horizons leave no room for
 */
export function setUpActors(
  policy: PolicyDescription,
  {
    actionHorizon = policy.predHorizon,
    chunking = PROMPT,
    perturbation,
  }: {
    actionHorizon?: number | undefined;
    chunking?: Chunking | undefined;
    perturbation?: Perturbation | undefined;
  } = {},
): ActorSetup {
  const { predHorizon } = policy;
  const schedule = new ChunkSchedule(chunking, { actionHorizon, predHorizon });
  return { policy, schedule, eye: eyeOf(policy, perturbation), perturbation };
}

/**
 * A policy in an episode: what it has observed, the plans it was given, and what they say for each
 * control step. Whoever lets it act asks whether it needs a plan, draws one from `observeAll`, lets
 * it accept that, and steps.
 */
export class Actor {
  /** From its start; the actor alone steps it. */
  readonly episode: Episode;
  /** Number of the episode. */
  readonly number: number;
  readonly #schedule: ChunkSchedule;
  readonly #disturbance: Disturbance | null;
  readonly #history: ObservationHistory;
  /** [Tp, Da] each, in the order they were asked for. */
  readonly #chunks: Float32Array[] = [];
  #command: Float32Array | null = null;
  /** Control step from which on it acts. */
  #since = 0;

  /**
   * @param number   of the episode, as whoever lets it act counts. @default 0
   * @param noiseKey of the rollout, from which perturbations draw. @default the number
   */
  constructor(
    episode: Episode,
    { policy, schedule, perturbation }: ActorSetup,
    number = 0,
    noiseKey: readonly number[] = [number],
  ) {
    this.episode = episode;
    this.number = number;
    this.#schedule = schedule;
    this.#disturbance = perturbation ? new Disturbance(perturbation, noiseKey) : null;
    this.#disturbance?.build(episode);
    this.#history = new ObservationHistory(policy.obsHorizon);
    this.#history.observe(episode, this.#disturbance);
  }

  /** Plans accepted: also the number of the next one, from 0. */
  get plans(): number {
    return this.#chunks.length;
  }

  /** Whether another plan is to be asked for before the next control step. */
  get needsPlan(): boolean {
    return this.#acted >= this.#schedule.askedAt(this.plans);
  }

  /** What the last plan has left where the next one begins, [≤ Tp, Da]; nothing before the first. */
  get rest(): Float32Array {
    return this.#chunks.at(-1)?.subarray(this.#schedule.stride * ACTION_DIM) ?? new Float32Array(0);
  }

  /** Writes the last To observations, [To, Do], oldest first. */
  observe(out: Float32Array): void {
    this.#history.write(out);
  }

  /** @param chunk [Tp, Da], rad and m; kept */
  accept(chunk: Float32Array): void {
    this.#chunks.push(chunk);
  }

  /**
   * Watches what another commands, before it has planned anything: it acts from where that ends.
   *
   * @param command [Da]
   */
  follow(command: ArrayLike<number>): void {
    this.#advance(command);
    this.#since = this.episode.steps;
  }

  /**
   * Does what the plans say for this control step, or the last command again where the arm waits
   * for a plan.
   *
   * @returns the command, [Da]
   */
  step(): Float32Array {
    const command = this.#commandAt(this.#acted);
    this.#advance(command);
    this.#command = command;
    return command;
  }

  /**
   * Holds still for a control step, as its next plan is not there yet: that acts from the step after.
   *
   * @returns the command, [Da]: the last one again, or before the first where the arm is
   */
  wait(): Float32Array {
    const command = this.#command ?? this.episode.observe().state;
    this.#advance(command);
    this.#command = command;
    this.#since++;
    return command;
  }

  #advance(command: ArrayLike<number>): void {
    this.#disturbance?.act(this.episode);
    this.episode.step(this.#disturbance?.deliver(command) ?? command);
    this.#history.observe(this.episode, this.#disturbance);
  }

  /** Control steps since it acts, those apart in which it waited. */
  get #acted(): number {
    return this.episode.steps - this.#since;
  }

  #commandAt(t: number): Float32Array {
    if (this.#chunks.length === 0) throw new Error('an actor accepts a plan before it steps');
    const rows = this.#schedule.acting(t).map(({ plan, row, weight }) => {
      const action = this.#chunks[plan].subarray(row * ACTION_DIM, (row + 1) * ACTION_DIM);
      return { action, weight };
    });
    if (rows.length === 0 && this.#command) return this.#command;
    return rows.length === 1 ? rows[0].action : weightedMean(rows);
  }
}

/**
 * What a planner is asked with: what the actors of one policy see now, are told and go on from, a
 * row each.
 *
 * @param batch rows in all; those beyond the actors are blank. @default one an actor
 * @returns observation [B, To, Do], physical units, oldest first
 */
export function observeAll(
  { policy, schedule, eye }: ActorSetup,
  actors: readonly Actor[],
  batch = actors.length,
): { observation: Float32Array; told: Told } {
  const size = policy.obsHorizon * policy.observationDim;
  const observation = new Float32Array(batch * size);
  actors.forEach((actor, row) => {
    actor.observe(observation.subarray(row * size, (row + 1) * size));
  });
  const episodes = actors.map(({ episode }) => episode);
  const attempts = actors.map(({ number, episode }) => ({ episode: number, step: episode.steps }));
  const told = { ...toldOf(eye, episodes, batch), attempts };
  if (schedule.scheme !== 'real-time') return { observation, told };
  return { observation, told: { ...told, known: knownTo(actors, batch, { policy, schedule }) } };
}

/** What is left of each actor's last plan, which its next one is to go on from. */
function knownTo(
  actors: readonly Actor[],
  batch: number,
  { policy: { predHorizon }, schedule }: Pick<ActorSetup, 'policy' | 'schedule'>,
): KnownActions {
  const { delay, stride } = schedule;
  const actions = new Float32Array(batch * predHorizon * ACTION_DIM);
  const weight = new Float32Array(batch * predHorizon);
  const weights = prefixWeights(predHorizon, delay, predHorizon - stride);
  actors.forEach(({ rest }, row) => {
    if (rest.length === 0) return;
    actions.set(rest, row * predHorizon * ACTION_DIM);
    weight.set(weights, row * predHorizon);
  });
  return { actions, weight };
}

/** Sum of weight · action, [Da]. */
function weightedMean(
  rows: readonly { readonly action: Float32Array; readonly weight: number }[],
): Float32Array {
  return Float32Array.from({ length: ACTION_DIM }, (_, i) =>
    rows.reduce((sum, { action, weight }) => sum + weight * action[i], 0),
  );
}
