import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Fan, StageFrame } from '../../../../server/protocol/index.ts';
import { advanceLive } from './live-clock.ts';
import type { Track } from './track.ts';

/**
 * 'live' follows the server; 'replay' shows what was received before, at a place one chose.
 */
export type PlayerMode = 'live' | 'replay';

/** Where an episode is to stop: at a control step, or as soon as every view has its first plan. */
export type Stop = number | 'first plans';

/** That it has stopped where it was to, or at its end where it is shorter. */
export interface Arrival {
  readonly wanted: Stop;
  /** Control step */
  readonly at: number;
}

/** Shows the current episode as it arrives, and the current and previous one again on demand. */
export class Player {
  readonly #mode = signal<PlayerMode>('live');
  readonly #playing = signal(true);
  readonly #following = computed(() => this.#mode.value === 'live' && this.#playing.value);
  readonly #track = signal<Track | null>(null);
  readonly #position = signal(0);
  readonly #received = signal(0);
  readonly #jumps = signal(0);
  readonly #stop = signal<Stop | null>(null);
  readonly #arrival = signal<Arrival | null>(null);
  readonly #speed: ReadonlySignal<number>;
  #current: Track | null = null;
  #previous: Track | null = null;
  /** The episode that is not the one to stop in. */
  #passing: Track | null = null;

  /** @param speed simulated seconds a second */
  constructor(speed: ReadonlySignal<number>) {
    this.#speed = speed;
  }

  get mode(): ReadonlySignal<PlayerMode> {
    return this.#mode;
  }

  get playing(): ReadonlySignal<boolean> {
    return this.#playing;
  }

  /** It follows the server and runs: paused, it shows the past. */
  get following(): ReadonlySignal<boolean> {
    return this.#following;
  }

  /** The episode that is shown; null before the first. */
  get track(): ReadonlySignal<Track | null> {
    return this.#track;
  }

  /** Control step that is shown; not whole between two frames. */
  get position(): ReadonlySignal<number> {
    return this.#position;
  }

  /** Counts what has been received, for those who show how far a track goes. */
  get received(): ReadonlySignal<number> {
    return this.#received;
  }

  /** Counts seeks and new episodes: what is drawn incrementally has to be redrawn. */
  get jumps(): Signal<number> {
    return this.#jumps;
  }

  /** Where the episode is to stop; null where it plays on. */
  get stop(): ReadonlySignal<Stop | null> {
    return this.#stop;
  }

  /** Where it last stopped, having been told to. */
  get arrival(): ReadonlySignal<Arrival | null> {
    return this.#arrival;
  }

  /** The episode that the server is at. */
  get current(): Track | null {
    return this.#current;
  }

  get previous(): Track | null {
    return this.#previous;
  }

  begin(track: Track): void {
    // Its last frame may have been one that this page was too slow to be sent.
    if (this.#current?.info.request === track.info.request) this.#arrive(true);
    this.#passing = null;
    // Of other settings it would be shown under the names of who acts now, and shared as what is set.
    if (this.#current?.info.request !== track.info.request) this.#previous = null;
    else if (!this.#current.empty) this.#previous = this.#current;
    this.#current = track;
    if (this.#mode.value === 'live') this.#show(track, 0);
  }

  /** Another scene is to be shown: nothing that was received belongs to it. */
  clear(): void {
    this.#current = null;
    this.#previous = null;
    batch(() => {
      this.#track.value = null;
      this.#mode.value = 'live';
      this.#position.value = 0;
      this.#jumps.value++;
    });
  }

  addFrame(frame: StageFrame): void {
    const track = this.#current;
    if (!track) return;
    const first = track.empty;
    if (!track.addFrame(frame)) return;
    batch(() => {
      this.#received.value++;
      if (first && this.#track.value === track) this.#show(track, track.firstStep);
    });
    this.#arrive(false);
  }

  /** @returns whether it belongs to the current episode */
  addFan(fan: Fan): boolean {
    if (!this.#current?.addFan(fan)) return false;
    this.#received.value++;
    this.#arrive(false);
    return true;
  }

  /** @param seconds since the last call, of real time */
  tick(seconds: number): void {
    const track = this.#track.value;
    if (!track || track.empty) return;
    const rate = track.info.controlHz * this.#speed.value;
    const position = this.#position.value;
    if (this.#mode.value === 'live') {
      this.#position.value = advanceLive(position, { newest: track.lastStep, rate, seconds });
    } else if (this.#playing.value) {
      this.#position.value = Math.min(track.lastStep, position + rate * seconds);
      if (this.#position.value === track.lastStep) this.#goOn(track);
    }
  }

  play(): void {
    this.#playing.value = true;
  }

  pause(): void {
    this.#playing.value = false;
  }

  /**
   * Plays live to a moment and stands still there. It is given up where one goes elsewhere.
   *
   * @param next of the episode that begins next, not of the one that plays
   */
  stopAt(stop: Stop, next: boolean): void {
    const shown = this.#track.peek();
    if (!next && typeof stop === 'number' && shown && !shown.empty && shown.lastStep >= stop) {
      this.seek(stop);
      return;
    }
    this.live();
    this.#passing = next ? this.#current : null;
    this.#stop.value = stop;
    this.#arrive(false);
  }

  /** Back to what happens now. */
  live(): void {
    batch(() => {
      this.#stop.value = null;
      this.#mode.value = 'live';
      this.#playing.value = true;
      if (this.#current && this.#track.value !== this.#current) this.#show(this.#current, 0);
      if (this.#current) this.#position.value = this.#current.lastStep;
      this.#jumps.value++;
    });
  }

  /** Stops at a control step of the episode that is shown. */
  seek(step: number): void {
    const track = this.#track.value;
    if (!track || track.empty) return;
    batch(() => {
      this.#stop.value = null;
      this.#mode.value = 'replay';
      this.#playing.value = false;
      this.#position.value = Math.max(track.firstStep, Math.min(track.lastStep, step));
      this.#jumps.value++;
    });
  }

  /** Seeks by seconds of the episode; back beyond its start lies the previous one's end. */
  nudge(seconds: number): void {
    const track = this.#track.value;
    if (!track) return;
    const step = Math.round(this.#position.value + seconds * track.info.controlHz);
    if (step < track.firstStep && track === this.#current && this.#previous) {
      this.#show(this.#previous, this.#previous.lastStep);
      this.seek(this.#previous.lastStep);
    } else if (step > track.lastStep && track === this.#previous && this.#current) {
      this.#show(this.#current, this.#current.firstStep);
      this.seek(this.#current.firstStep);
    } else this.seek(step);
  }

  /** Shows the previous episode from its beginning; the current one where there is none. */
  again(): void {
    const track = this.#track.value === this.#current ? (this.#previous ?? this.#current) : null;
    const shown = track ?? this.#track.value;
    if (!shown) return;
    batch(() => {
      this.#show(shown, shown.firstStep);
      this.seek(shown.firstStep);
      this.play();
    });
  }

  /** @param over nothing more comes of the episode */
  #arrive(over: boolean): void {
    const wanted = this.#stop.peek();
    const track = this.#current;
    if (wanted === null || !track || track.empty || track === this.#passing) return;
    const reached =
      wanted === 'first plans'
        ? track.lanes.every((lane) => track.fans(lane).length > 0)
        : track.lastStep >= wanted;
    const ended = over || track.lanes.every((lane) => track.marks(lane)?.ended != null);
    if (!reached && !ended) return;
    batch(() => {
      if (this.#track.peek() !== track) this.#show(track, track.firstStep);
      this.seek(wanted === 'first plans' ? track.firstStep : wanted);
      this.#arrival.value = { wanted, at: this.#position.peek() };
    });
  }

  #goOn(track: Track): void {
    if (track === this.#previous && this.#current) this.#show(this.#current, 0);
    else this.live();
  }

  #show(track: Track, step: number): void {
    batch(() => {
      this.#track.value = track;
      this.#position.value = step;
      this.#jumps.value++;
    });
  }
}
