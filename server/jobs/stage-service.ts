import { ACTION_DIM } from '../../sim/index.ts';
import { reportError } from '../error-report.ts';
import { ProtocolError } from '../protocol/errors.ts';
import type { Inquiry } from '../protocol/inquiry.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { StageCommand, StagePosition } from '../protocol/stage.ts';
import { type StageState, stageAfter } from '../protocol/stage-state.ts';
import type { GoOnRequest } from '../protocol/takeover.ts';
import { PendingAsks } from '../stage/pending-asks.ts';
import type { StageMessage, StageNews, ViewerCommand } from '../stage/stage-host.ts';
import type { Place } from '../storage/workspace.ts';
import { type RunningWork, startWork } from './process.ts';

/** Pause before a crashed stages' process is started again, ms. */
const RESTART_DELAY = 1000;

/** What a viewer hears of its stage. */
export type StageListener = (message: StageNews) => void;

/** A viewer, and what it has asked for: a new process is told so again. */
interface Viewer {
  readonly listener: StageListener;
  readonly state: StageState;
}

function checkRows({ length }: Float32Array): void {
  if (length % ACTION_DIM === 0 && length <= LIMITS.recordingSteps * ACTION_DIM) return;
  throw new ProtocolError(
    'invalid-request',
    `takeover: expected at most ${LIMITS.recordingSteps} rows of ${ACTION_DIM} numbers, got ` +
      `${length} numbers`,
  );
}

/** Gives each viewer a live stage of its own, all of them in one child process. */
export class StageService {
  readonly #place: Place;
  readonly #viewers = new Map<string, Viewer>();
  readonly #asks = new PendingAsks();
  #work: RunningWork<'stages'> | null = null;
  #closed = false;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Starts the process before the first viewer comes: it takes seconds. */
  start(): void {
    if (this.#work || this.#closed) return;
    const work = startWork('stages', { place: this.#place }, (message) => this.#hear(message));
    this.#work = work;
    work.result.then(
      () => undefined,
      (error: unknown) => this.#restart(error),
    );
  }

  /**
   * Passes on what a viewer asks of its stage; nothing where it asks before it has one.
   *
   * @param listener hears what the stage says, from `set` on
   * @throws ProtocolError 'busy' where there are too many
   */
  command(viewer: string, command: StageCommand, listener: StageListener): void {
    const known = this.#viewers.get(viewer);
    const state = stageAfter(known?.state ?? null, command);
    if (!state) return;
    if (!known && this.#viewers.size >= LIMITS.stages) {
      throw new ProtocolError(
        'busy',
        `stage: expected at most ${LIMITS.stages} open pages with a stage of their own; close one and ` +
          'reload, or watch with others: put "together" into the address, behind the "#"',
      );
    }
    this.#viewers.set(viewer, { listener, state });
    if (command.kind === 'set') this.start();
    this.#work?.command({ viewer, command });
  }

  /** Lets a viewer's stage go on where others are. */
  goTo(viewer: string, position: StagePosition): void {
    if (this.#viewers.has(viewer)) this.#work?.command({ viewer, goTo: position });
  }

  /**
   * Asks something about a moment of a viewer's stage.
   *
   * @returns packed as the inquiry's kind says
   * @throws ProtocolError 'busy' where a newer one takes its place, 'not-found' for a moment that is
   *         not kept
   */
  ask(viewer: string, inquiry: Inquiry): Promise<Float32Array> {
    return this.#ask(viewer, (id) => ({ viewer, ask: { id, inquiry } }));
  }

  /**
   * Lets a viewer's policy go on from where they left the arm.
   *
   * @param rows f32 [n, 8]
   * @throws ProtocolError 'invalid-request' for what is no commands; what `Takeovers.goOn` throws
   */
  async goOn(viewer: string, request: GoOnRequest, rows: Float32Array): Promise<void> {
    checkRows(rows);
    await this.#ask(viewer, (id) => ({ viewer, goOn: { id, request, rows } }));
  }

  async #ask(viewer: string, command: (id: number) => ViewerCommand): Promise<Float32Array> {
    const work = this.#work;
    if (work && this.#viewers.has(viewer)) {
      return this.#asks.ask(viewer, (id) => work.command(command(id)));
    }
    throw new ProtocolError('conflict', 'inquiry: expected a stage that is shown, got none');
  }

  leave(viewer: string): void {
    const left = new ProtocolError('conflict', 'inquiry: who asked has left');
    this.#asks.reject(left, viewer);
    if (this.#viewers.delete(viewer)) this.#work?.command({ viewer, command: null });
  }

  close(): void {
    this.#closed = true;
    this.#work?.kill();
  }

  #hear(message: StageMessage): void {
    if (message.kind !== 'answer' && message.kind !== 'refusal') {
      this.#viewers.get(message.viewer)?.listener(message);
      return;
    }
    this.#asks.settle(message);
  }

  #restart(cause: unknown): void {
    this.#work = null;
    const error = reportError(cause);
    this.#asks.reject(new ProtocolError(error.code, error.message));
    if (this.#closed) return;
    for (const [viewer, { listener, state }] of this.#viewers) {
      const { request } = state.settings;
      listener({
        viewer,
        kind: 'error',
        error: { ...error, request, lane: null, instruction: false },
      });
    }
    setTimeout(() => {
      try {
        this.start();
      } catch (again) {
        this.#restart(again);
        return;
      }
      for (const [viewer, { state }] of this.#viewers) {
        const { settings, playing, until } = state;
        this.#work?.command({ viewer, command: { kind: 'set', settings, until } });
        this.#work?.command({ viewer, command: { kind: 'play', playing, until } });
      }
    }, RESTART_DELAY);
  }
}
