import { reportError } from '../error-report.ts';
import { ProtocolError } from '../protocol/errors.ts';
import { LIMITS } from '../protocol/limits.ts';
import type { StageSettings } from '../protocol/stage.ts';
import type { StageMessage } from '../stage/stage-host.ts';
import type { Place } from '../storage/workspace.ts';
import { type RunningWork, startWork } from './process.ts';

/** Pause before a crashed stages' process is started again, ms. */
const RESTART_DELAY = 1000;

/** What a viewer hears of its stage. */
export type StageListener = (message: StageMessage) => void;

/** A viewer, and what was last asked of its stage: a new process is told so again. */
interface Viewer {
  readonly listener: StageListener;
  readonly settings: StageSettings;
  readonly playing: boolean;
}

/** Gives each viewer a live stage of its own, all of them in one child process. */
export class StageService {
  readonly #place: Place;
  readonly #viewers = new Map<string, Viewer>();
  #work: RunningWork<'stages'> | null = null;
  #closed = false;

  constructor(place: Place) {
    this.#place = place;
  }

  /** Starts the process before the first viewer comes: it takes seconds. */
  start(): void {
    if (this.#work || this.#closed) return;
    const work = startWork('stages', { place: this.#place }, (message) =>
      this.#viewers.get(message.viewer)?.listener(message),
    );
    this.#work = work;
    work.result.then(
      () => undefined,
      (error: unknown) => this.#restart(error),
    );
  }

  /**
   * Opens a viewer's stage, or begins it anew with other settings.
   *
   * @throws ProtocolError 'busy' where there are too many
   */
  set(viewer: string, settings: StageSettings, listener: StageListener): void {
    if (!this.#viewers.has(viewer) && this.#viewers.size >= LIMITS.stages) {
      throw new ProtocolError(
        'busy',
        `stage: expected at most ${LIMITS.stages} open pages; close one and reload`,
      );
    }
    const playing = this.#viewers.get(viewer)?.playing ?? true;
    this.#viewers.set(viewer, { listener, settings, playing });
    this.start();
    this.#work?.command({ viewer, kind: 'set', settings });
  }

  play(viewer: string, playing: boolean): void {
    this.#remember(viewer, () => ({ playing }));
    this.#work?.command({ viewer, kind: 'play', playing });
  }

  speed(viewer: string, speed: number): void {
    this.#remember(viewer, ({ settings }) => ({ settings: { ...settings, speed } }));
    this.#work?.command({ viewer, kind: 'speed', speed });
  }

  attention(viewer: string, attention: boolean): void {
    this.#remember(viewer, ({ settings }) => ({ settings: { ...settings, attention } }));
    this.#work?.command({ viewer, kind: 'attention', attention });
  }

  next(viewer: string): void {
    this.#work?.command({ viewer, kind: 'next' });
  }

  leave(viewer: string): void {
    if (this.#viewers.delete(viewer)) this.#work?.command({ viewer, kind: 'close' });
  }

  close(): void {
    this.#closed = true;
    this.#work?.kill();
  }

  #restart(cause: unknown): void {
    this.#work = null;
    if (this.#closed) return;
    const error = reportError(cause);
    for (const [viewer, { listener, settings }] of this.#viewers) {
      const { request } = settings;
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
      for (const [viewer, { settings, playing }] of this.#viewers) {
        this.#work?.command({ viewer, kind: 'set', settings });
        this.#work?.command({ viewer, kind: 'play', playing });
      }
    }, RESTART_DELAY);
  }

  #remember(viewer: string, change: (known: Viewer) => Partial<Viewer>): void {
    const known = this.#viewers.get(viewer);
    if (known) this.#viewers.set(viewer, { ...known, ...change(known) });
  }
}
