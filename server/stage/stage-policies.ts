import { chooseDrawing } from '../../policies/drawing.ts';
import type { Planner, Policy } from '../../policies/policy.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { isReplayable, type PolicySource } from '../protocol/sources.ts';
import type { Lane } from '../protocol/stage.ts';
import type { DenoisingPlan } from './inquiry/denoise.ts';
import { rest as restFor } from './rest.ts';
import type { StagePolicy } from './stage-lane.ts';
import { StatePlanners } from './state-planners.ts';

/** Policies kept that no stage uses: one stage's, so that who goes back to it need not wait. */
const MAX_IDLE = 3;

interface Entry {
  /** What the planners are of. */
  readonly source: Policy;
  readonly policy: StagePolicy & { lookingPlanner: Planner | null };
  /** Planners that keep states; null until somebody has asked for one. */
  states: StatePlanners | null;
  /** Leases that have not been released. */
  uses: number;
  /** Nobody is lent it any more: it goes with its last lease. */
  discarded: boolean;
}

/** How soon nobody waits any longer for a policy server that is not wanted any more, ms. */
const UNWANTED_WITHIN = 100;

/** Sizes of the batches that plans of a stage are drawn in, and from what. */
export interface Batches {
  readonly single: number;
  readonly fan: number;
  /** Plans go on from known actions, where the policy can. @default false */
  readonly inpainting?: boolean;
  /** Such plans are drawn by one step's program, looped: a chunk's last bits are others. @default false */
  readonly looped?: boolean;
}

/** A policy lent to a stage. */
export interface Lease {
  readonly policy: StagePolicy;
  /** Gives it back: it may be disposed of from now on. To be called once. */
  release(): Promise<void>;
}

/** Where policies come from: a server's disk, or files beside a page that has no server. */
export interface PolicyDoor {
  /** Opens what a source names. @throws ProtocolError */
  open(source: PolicySource): Promise<Policy>;
  /** Another number once the same source stands for another policy. */
  revision(source: PolicySource): Promise<number>;
}

/** Compiled policies, shared by all stages of a process. */
export class StagePolicies {
  readonly #door: PolicyDoor;
  readonly #hurries: () => boolean;
  /** By what they were made of, least recently used first. */
  readonly #entries = new Map<string, Entry>();
  /** Ends when all that was to be compiled until now has been. */
  #queue: Promise<void> = Promise.resolve();
  /** Policies that are asked elsewhere and have not introduced themselves yet, by the same. */
  readonly #dialled = new Map<string, Promise<void>>();

  /** @param hurries whether there is something that compiling must not hold up for long */
  constructor(door: PolicyDoor, hurries: () => boolean) {
    this.#door = door;
    this.#hurries = hurries;
  }

  /**
   * Lends a policy, compiled for single plans and for fans.
   *
   * @param batches rows of the batch that a single plan is drawn in, and plans of a fan
   * @param wanted is asked when its turn to be compiled has come
   * @returns null where it is not wanted any more
   * @throws ProtocolError, SpecError
   * @cost 0.3 to 4 s where it has to be compiled, and the wait for those before it
   */
  async lease(lane: Lane, batches: Batches, wanted: () => boolean): Promise<Lease | null> {
    const { single, fan, inpainting = false, looped = false } = batches;
    const revision = await this.#door.revision(lane.policy);
    const key = JSON.stringify([lane, single, fan, inpainting, looped, revision]);
    const known = this.#lend(key);
    if (known) return known;
    const add = async () => {
      // Another stage may have waited for the same.
      if (this.#entries.has(key)) return;
      const compiled = await this.#compile(lane, batches);
      this.#entries.set(key, { ...compiled, states: null, uses: 0, discarded: false });
    };
    if (!isReplayable(lane.policy)) {
      // Nothing is compiled for one that is asked elsewhere, and nobody waits for it but who wants it.
      const dialled = this.#dialled.get(key) ?? add().finally(() => this.#dialled.delete(key));
      this.#dialled.set(key, dialled);
      return (await stillWanted(dialled, wanted)) ? this.#lend(key) : null;
    }
    return this.#inTurn(async () => {
      if (!wanted()) return null;
      await add();
      return this.#lend(key);
    });
  }

  /** Lends a policy to nobody any more: the same source is opened again. */
  discard(lent: StagePolicy): void {
    for (const [key, entry] of this.#entries) {
      if (entry.policy !== lent) continue;
      entry.discarded = true;
      this.#entries.delete(key);
    }
  }

  /**
   * Lets a policy that is lent keep where it looks, where it reads. It stays the same policy.
   *
   * @param wanted is asked when its turn to be compiled has come
   * @cost 0.3 to 1 s where it has to be compiled, and the wait for those before it
   */
  async prepareLooking(lent: StagePolicy, wanted: () => boolean): Promise<void> {
    // Of a batch with further rows it would say where all of them look.
    if (lent.planner.batch > 1) return;
    const unprepared = () => lent.lookingPlanner === null && lent.planner.policy.condition;
    if (!unprepared()) return;
    await this.#inTurn(async () => {
      const entry = this.#entryOf(lent);
      if (!entry || !wanted() || !unprepared()) return;
      const { sampler, guidance, inpainting, looped } = lent;
      entry.uses++;
      try {
        const drawn = { ...(sampler && { sampler }), guidance, inpainting, looped };
        entry.policy.lookingPlanner = await entry.source.prepare(1, { ...drawn, attention: true });
      } finally {
        await this.#release(entry);
      }
    });
  }

  /**
   * Lends a policy once more that somebody has.
   *
   * @throws ProtocolError 'conflict' where it no longer exists
   */
  hold(lent: StagePolicy | undefined): Lease {
    const entry = lent && this.#entryOf(lent);
    if (!entry) {
      throw new ProtocolError(
        'conflict',
        'view: expected a policy that acts on the stage, got one that has left it; ask again',
      );
    }
    entry.uses++;
    return { policy: entry.policy, release: () => this.#release(entry) };
  }

  /**
   * Planners of a policy that is lent which keep the states of its plans.
   *
   * @param calls network evaluations a chunk. @default as the policy is drawn
   * @throws SpecError for a number that it cannot be drawn with
   * @cost as `StatePlanners.plan`, and the wait for those before it
   */
  denoising(lent: StagePolicy, calls: number | undefined): Promise<DenoisingPlan> {
    return this.#inTurn(() => {
      const entry = this.#entryOf(lent);
      if (!entry) throw new Error('denoising: expected a policy that is lent');
      entry.states ??= new StatePlanners(entry.source, entry.policy);
      return entry.states.plan(calls);
    });
  }

  #entryOf(lent: StagePolicy): Entry | undefined {
    return [...this.#entries.values()].find(({ policy }) => policy === lent);
  }

  #lend(key: string): Lease | null {
    const entry = this.#entries.get(key);
    if (!entry) return null;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    entry.uses++;
    return { policy: entry.policy, release: () => this.#release(entry) };
  }

  async #release(entry: Entry): Promise<void> {
    entry.uses--;
    if (entry.discarded && entry.uses === 0) await dispose(entry);
    await this.#trim();
  }

  /** Compiling holds up the whole process: one at a time, and as long a rest after each. */
  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const began = this.#queue.then(() => performance.now());
    const result = began.then(task);
    const rest = async () => {
      const took = performance.now() - (await began);
      if (this.#hurries()) await restFor(took);
    };
    this.#queue = result.then(rest, rest);
    return result;
  }

  async #trim(): Promise<void> {
    const idle = [...this.#entries].filter(([, { uses }]) => uses === 0);
    const old = idle.slice(0, Math.max(0, idle.length - MAX_IDLE));
    for (const [key] of old) this.#entries.delete(key);
    await Promise.all(old.map(([, entry]) => dispose(entry)));
  }

  async #compile(
    lane: Lane,
    { single, fan, ...wanted }: Batches,
  ): Promise<Pick<Entry, 'source' | 'policy'>> {
    const source = await this.#door.open(lane.policy);
    const about = source.describe();
    const sampler = chooseDrawing(about, lane);
    const inpainting = wanted.inpainting === true && about.abilities.inpainting;
    const { guidance = 1 } = lane;
    // All steps with their gradients in one program take seconds to compile.
    const looped = inpainting && wanted.looped === true;
    const options = { ...(sampler && { sampler }), guidance, inpainting, looped };
    const planner = await source.prepare(single, options);
    // One that is asked elsewhere, and has one answer to what it sees, shows that alone.
    const others = isReplayable(lane.policy) || source.describe().abilities.noise;
    const fanPlanner = others ? await source.prepare(fan, options) : planner;
    return {
      source,
      policy: {
        source: lane.policy,
        sampler,
        planner,
        lookingPlanner: null,
        fanPlanner,
        parameters: planner.policy.parameters,
        guidance,
        inpainting,
        looped,
      },
    };
  }
}

async function dispose({
  policy: { planner, lookingPlanner, fanPlanner },
  states,
}: Entry): Promise<void> {
  const all = new Set([planner, lookingPlanner, fanPlanner, states]);
  await Promise.all([...all].map((each) => each?.dispose()));
}

/**
 * Waits for a policy server, as long as somebody wants it: one that is silent may take a minute to be
 * given up, and what was chosen in its place would wait for that.
 *
 * @throws what the dialling throws
 */
async function stillWanted(dialled: Promise<void>, wanted: () => boolean): Promise<boolean> {
  const there = dialled.then(() => true);
  // Of what comes of it later nobody hears.
  there.catch(() => {});
  while (wanted()) {
    if (await Promise.race([there, restFor(UNWANTED_WITHIN).then(() => false)])) return wanted();
  }
  return false;
}
