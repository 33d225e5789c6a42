import { InstructionError } from '../../policies/text/tokenizer.ts';
import { findTask, type Rapier } from '../../sim/index.ts';
import { commonHorizon } from '../acting/common-horizon.ts';
import { type ErrorReport, ProtocolError } from '../protocol/errors.ts';
import { EPISODE_IDS } from '../protocol/frames.ts';
import { isReplayable, type PolicySource, sourceName } from '../protocol/sources.ts';
import type {
  StageCommand,
  StageEpisode,
  StagePosition,
  StageProblem,
  StageSettings,
  StageTrouble,
} from '../protocol/stage.ts';
import { STAGE_DEFAULTS } from '../protocol/stage-defaults.ts';
import { type StageState, stageAfter } from '../protocol/stage-state.ts';
import type { GoOnRequest } from '../protocol/takeover.ts';
import { Answering } from './inquiry/answer.ts';
import { type Ask, Inquiries, type Reply } from './inquiry/inquiries.ts';
import { Stage } from './stage.ts';
import type { StagePolicy } from './stage-lane.ts';
import { type Batches, type Lease, type PolicyDoor, StagePolicies } from './stage-policies.ts';

/** What the stages say, by viewer. */
export type StageMessage = StageNews | (Reply & { readonly viewer: string });

/** What they say unasked. */
export type StageNews =
  | {
      readonly viewer: string;
      readonly kind: 'frame' | 'fan';
      readonly packed: Float32Array;
      /** It comes faster than anybody watches, and must not be missing later. @default false */
      readonly kept?: boolean;
    }
  | { readonly viewer: string; readonly kind: 'episode'; readonly episode: StageEpisode }
  | { readonly viewer: string; readonly kind: 'trouble'; readonly trouble: StageTrouble }
  | { readonly viewer: string; readonly kind: 'error'; readonly error: StageProblem };

/** What a viewer asks of its stage; a command of null: it has left. */
export type ViewerCommand =
  | { readonly viewer: string; readonly command: StageCommand | null }
  /** Asks something about a moment, without an effect on what the stage does. */
  | { readonly viewer: string; readonly ask: Ask }
  | { readonly viewer: string; readonly goOn: GoOn }
  | { readonly viewer: string; readonly goTo: StagePosition };

/** Where a person left the arm, and a number by which it is known whether that was believed. */
export interface GoOn {
  readonly id: number;
  readonly request: GoOnRequest;
  /** f32 [n, 8] */
  readonly rows: Float32Array;
}

/** One viewer's stage, and what it has asked for. */
interface Viewer {
  readonly id: string;
  stage: Stage | null;
  state: StageState;
  /** Settings on their way to the stage; newer ones take their place. */
  wanted: StageSettings | null;
  opening: boolean;
}

/** What stages are given by who runs them: a server's process, or a page of its own. */
export interface StageWorld {
  readonly rapier: Rapier;
  /** What the engine is called, for who watches. */
  readonly engine: string;
  readonly policies: PolicyDoor;
  /** The place in the protocol's table of any error that acting can throw. */
  report(error: unknown): ErrorReport;
}

/** The live stages of all viewers, in one process: they share compiled policies. */
export class StageHost {
  readonly #world: StageWorld;
  readonly #send: (message: StageMessage) => void;
  readonly #policies: StagePolicies;
  readonly #viewers = new Map<string, Viewer>();
  readonly #answering: Answering;
  readonly #inquiries: Inquiries;
  /** Begun on all stages: a page may watch one, then another. */
  #episodes = 0;

  constructor(world: StageWorld, send: (message: StageMessage) => void) {
    this.#world = world;
    this.#send = send;
    const plays = ({ stage, state }: Viewer) => stage !== null && state.playing;
    const hurries = () => [...this.#viewers.values()].some(plays);
    this.#policies = new StagePolicies(world.policies, hurries);
    this.#answering = new Answering(this.#policies, hurries);
    this.#inquiries = new Inquiries(
      async (viewer, inquiry) => this.#answering.answer(this.#stageOf(viewer), inquiry),
      (viewer, reply) => this.#send({ viewer, ...reply }),
      (error) => world.report(error),
    );
  }

  command(asked: ViewerCommand): void {
    const { viewer: id } = asked;
    if ('ask' in asked) {
      const { inquiry } = asked.ask;
      // The arm may be in somebody's hand.
      if (!Answering.isKnown(inquiry)) this.#inquiries.ask(id, asked.ask);
      else
        void this.#reply(id, asked.ask.id, () =>
          this.#answering.answer(this.#stageOf(id), inquiry),
        );
      return;
    }
    if ('goOn' in asked) {
      const { id: ask, request, rows } = asked.goOn;
      void this.#reply(id, ask, async () => {
        await this.#stageOf(id).goOn(request, rows);
        return new Float32Array(0);
      });
      return;
    }
    if ('goTo' in asked) {
      this.#viewers.get(id)?.stage?.goTo(asked.goTo);
      return;
    }
    const { command } = asked;
    const known = this.#viewers.get(id);
    if (!command) {
      if (known) this.#leave(known);
      return;
    }
    const state = stageAfter(known?.state ?? null, command);
    if (!state) return;
    const viewer = known ?? { id, stage: null, state, wanted: null, opening: false };
    this.#viewers.set(id, viewer);
    viewer.state = state;
    if (command.kind === 'set') {
      viewer.wanted = command.settings;
      void this.#openWanted(viewer);
    } else {
      viewer.stage?.command(command);
      void this.#prepareLooking(viewer);
    }
  }

  /**
   * Compiles policies before anybody asks for them, in the batches of a first visit, and keeps them
   * until others take their place. Once there is a viewer, its own come first.
   *
   * @throws what opening one throws
   * @cost 4 CPU s for three policies, 0.6 where their programs are known
   */
  async makeReady(policies: readonly PolicySource[]): Promise<void> {
    const batches = { single: 1, fan: STAGE_DEFAULTS.fan };
    const wanted = () => this.#viewers.size === 0;
    for (const policy of policies) {
      const lease = await this.#policies.lease({ policy }, batches, wanted);
      await lease?.release();
    }
  }

  close(): void {
    for (const viewer of this.#viewers.values()) this.#leave(viewer);
  }

  async #reply(viewer: string, ask: number, answer: () => Promise<Float32Array>): Promise<void> {
    try {
      this.#send({ viewer, kind: 'answer', ask, packed: await answer() });
    } catch (error) {
      this.#send({ viewer, kind: 'refusal', ask, error: this.#world.report(error) });
    }
  }

  /** @throws ProtocolError 'conflict' where a viewer has none */
  #stageOf(viewer: string): Stage {
    const stage = this.#viewers.get(viewer)?.stage;
    if (stage) return stage;
    throw new ProtocolError(
      'conflict',
      'inquiry: expected a stage that is shown, got none yet; ask again when it has begun',
    );
  }

  #leave(viewer: Viewer): void {
    viewer.wanted = null;
    this.#inquiries.forget(viewer.id);
    viewer.stage?.close();
    this.#viewers.delete(viewer.id);
  }

  /** One opening at a time, the newest settings next: overtaken ones cost no more than a turn. */
  async #openWanted(viewer: Viewer): Promise<void> {
    if (viewer.opening) return;
    viewer.opening = true;
    while (viewer.wanted) {
      const settings = viewer.wanted;
      try {
        await this.#open(viewer, settings);
      } catch (error) {
        // What was overtaken meanwhile says nothing of what is wanted now.
        if (viewer.wanted === settings) this.#report(viewer, settings, error);
      }
      if (viewer.wanted === settings) viewer.wanted = null;
    }
    viewer.opening = false;
  }

  /** A stage of the same task keeps running until the new one can take its place. */
  async #open(viewer: Viewer, settings: StageSettings): Promise<void> {
    const wanted = () => viewer.wanted === settings;
    const { name } = findTask(settings.task);
    if (viewer.stage && viewer.stage.task.name !== name) {
      // Nothing of another task is looked at any more, nor need compiling spare it.
      viewer.stage.close();
      viewer.stage = null;
    }
    const leases: Lease[] = [];
    try {
      for (const [place, lane] of settings.lanes.entries()) {
        const lease = await this.#policies
          .lease(lane, batchesOf(settings), wanted)
          .catch((cause: unknown) => {
            throw new LaneError(place, cause);
          });
        if (!lease) return;
        leases.push(lease);
        checkTask(lease.policy, settings.task, place);
        if (viewer.state.settings.attention)
          await this.#policies.prepareLooking(lease.policy, wanted);
      }
      const policies = leases.map(({ policy }) => policy);
      await checkInstruction(policies, settings.instruction);
      if (!wanted()) return;
      const stage = this.#createStage(viewer, policies);
      viewer.stage?.close();
      viewer.stage = stage;
      // Its leases end with it.
      void this.#run(viewer, stage, leases.splice(0));
      void this.#prepareLooking(viewer);
    } finally {
      await release(leases);
    }
  }

  /** @throws ProtocolError, SimError for settings that make no stage */
  #createStage(viewer: Viewer, policies: readonly StagePolicy[]): Stage {
    // Its pace and more may have changed while the policies were compiled.
    const { settings, playing, until } = viewer.state;
    return new Stage({
      rapier: this.#world.rapier,
      ...{ settings, playing, until },
      policies,
      engine: this.#world.engine,
      actionHorizon: commonHorizon(
        policies.map(({ planner }) => planner.policy),
        settings.actionHorizon,
        policies.map(({ source }) => sourceName(source)),
      ),
      nextEpisodeId: () => ++this.#episodes % EPISODE_IDS,
      before: viewer.stage,
      audience: {
        frame: (packed, kept) => this.#send({ viewer: viewer.id, kind: 'frame', packed, kept }),
        fan: (packed, kept) => this.#send({ viewer: viewer.id, kind: 'fan', packed, kept }),
        episode: (episode) => this.#send({ viewer: viewer.id, kind: 'episode', episode }),
        trouble: (trouble) => {
          // Who asks for it again dials again.
          this.#policies.discard(policies[trouble.lane]);
          this.#send({ viewer: viewer.id, kind: 'trouble', trouble });
        },
      },
    });
  }

  async #run(viewer: Viewer, stage: Stage, leases: readonly Lease[]): Promise<void> {
    try {
      await stage.run();
    } catch (error) {
      this.#fail(viewer, stage, error);
    }
    await release(leases);
  }

  /** Whoever acts on the stage keeps where it looks from now on, if that is asked for. */
  async #prepareLooking(viewer: Viewer): Promise<void> {
    const { stage } = viewer;
    const wanted = () => viewer.stage === stage && viewer.state.settings.attention;
    if (!stage || !wanted()) return;
    try {
      for (const policy of stage.policies) await this.#policies.prepareLooking(policy, wanted);
    } catch (error) {
      this.#fail(viewer, stage, error);
    }
  }

  #fail(viewer: Viewer, stage: Stage, error: unknown): void {
    if (viewer.stage !== stage) return;
    viewer.stage = null;
    stage.close();
    this.#report(viewer, stage.settings, error);
  }

  #report({ id }: Viewer, { request }: StageSettings, error: unknown): void {
    const [lane, cause] = error instanceof LaneError ? [error.place, error.cause] : [null, error];
    const instruction = error instanceof InstructionError;
    const problem = { ...this.#world.report(cause), request, lane, instruction };
    this.#send({ viewer: id, kind: 'error', error: problem });
  }
}

/** What stands in the way of one lane, with its place among those that were asked for. */
class LaneError extends Error {
  override readonly name = 'LaneError';
  readonly place: number;

  constructor(place: number, cause: unknown) {
    super(`lane ${place}`, { cause });
    this.place = place;
  }
}

/** @throws LaneError for a policy that has learnt another task */
function checkTask({ planner, source }: StagePolicy, task: string, place: number): void {
  const { policy } = planner;
  if (policy.task === task) return;
  const message =
    `expected a policy of the task ${task}, got ${sourceName(source)} of ${policy.task}; ` +
    'choose another, or train one on demonstrations of the task';
  throw new LaneError(place, new ProtocolError('invalid-request', message));
}

/** @throws InstructionError where it is too long for one of the policies */
async function checkInstruction(policies: readonly StagePolicy[], instruction = ''): Promise<void> {
  if (instruction === '') return;
  const reading = policies.filter(
    ({ planner, source }) => isReplayable(source) || !planner.policy.abilities.instructions,
  );
  await Promise.all(reading.map(({ planner }) => planner.read(instruction)));
}

function batchesOf({ batch, fan, chunking }: StageSettings): Batches {
  const inpainting = chunking?.scheme === 'real-time';
  // An evaluation's rollouts are drawn as that draws them, to the bit.
  return { single: batch ?? 1, fan, inpainting, looped: inpainting && batch === undefined };
}

async function release(leases: readonly Lease[]): Promise<void> {
  await Promise.all(leases.map((lease) => lease.release()));
}
