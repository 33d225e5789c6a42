import { type ReadonlySignal, signal } from '@preact/signals';
// Not from the index: it would bring the schemas and their library, which the page has no use for.
import { frameLayout, ROW } from '../../../server/protocol/dataset-views.ts';
import { toFloats } from '../../../server/protocol/frames.ts';
import type { EpisodeView } from '../../../server/protocol/index.ts';
import { createFrames, forwardKinematics } from '../../../sim/arm/kinematics.ts';

/** One moment of an episode, between two of its frames. */
export interface EpisodeMoment {
  /** [8] joint positions, rad, and the gripper's opening, m. */
  readonly state: Float32Array;
  /** m */
  readonly objects: readonly Float32Array[];
  readonly contact: boolean;
  readonly success: boolean;
}

/** Which of the rows of a frame a curve shows. */
export type RowKind = 'state' | 'action' | 'command';

/** A demonstration that was fetched, and where in it one is. */
export class EpisodePlayback {
  readonly view: EpisodeView;
  /** Frames there are. */
  readonly frames: number;
  readonly #numbers: Float32Array;
  readonly #layout: ReturnType<typeof frameLayout>;
  readonly #position = signal(0);
  readonly #playing = signal(true);

  /** @throws Error where the bytes are not those of its frames */
  constructor(view: EpisodeView) {
    this.view = view;
    this.#layout = frameLayout(view.objects);
    this.frames = Math.ceil(view.length / view.stride);
    const expected = this.frames * this.#layout.size;
    const numbers = toFloats(view.frames);
    if (numbers?.length !== expected) {
      throw new Error(`episode: expected ${expected} numbers, got ${numbers?.length ?? 'others'}`);
    }
    this.#numbers = numbers;
  }

  /** Control step that is shown; not whole between two frames. */
  get position(): ReadonlySignal<number> {
    return this.#position;
  }

  get playing(): ReadonlySignal<boolean> {
    return this.#playing;
  }

  /** Control step of the last frame. */
  get last(): number {
    return (this.frames - 1) * this.view.stride;
  }

  /** @param seconds of real time since the last call, times the speed */
  tick(seconds: number): void {
    if (!this.#playing.peek()) return;
    const position = this.#position.peek() + seconds * this.view.controlHz;
    this.#position.value = Math.min(this.last, position);
    if (position >= this.last) this.#playing.value = false;
  }

  /** At its end it starts over. */
  play(): void {
    if (this.#position.peek() >= this.last) this.#position.value = 0;
    this.#playing.value = true;
  }

  pause(): void {
    this.#playing.value = false;
  }

  toggle(): void {
    if (this.#playing.peek()) this.pause();
    else this.play();
  }

  /** Stops at a control step. */
  seek(step: number): void {
    this.pause();
    this.#position.value = Math.max(0, Math.min(this.last, step));
  }

  moment(step: number): EpisodeMoment {
    const at = Math.max(0, Math.min(this.frames - 1, step / this.view.stride));
    const before = Math.floor(at);
    const after = Math.min(before + 1, this.frames - 1);
    const between = (offset: number, count: number) => {
      const a = this.#part(before, offset, count);
      const b = this.#part(after, offset, count);
      return a.map((from, i) => from + (at - before) * (b[i] - from));
    };
    const { events, objects } = this.view;
    const reached = (event: number | null | undefined) => event != null && event <= step;
    return {
      state: between(this.#layout.state, ROW),
      objects: Array.from({ length: objects }, (_, i) => between(this.#layout.objects + 3 * i, 3)),
      contact: reached(events?.contact),
      success: reached(events?.success),
    };
  }

  /** One number of each frame: a joint in rad (0 … 6) or the opening in m (7). */
  curve(kind: RowKind, index: number): Float32Array {
    const { size } = this.#layout;
    return Float32Array.from(
      { length: this.frames },
      (_, i) => this.#numbers[i * size + this.#layout[kind] + index],
    );
  }

  /** Where a row would put the TCP, [frames, 3], m. */
  tcp(kind: RowKind): Float32Array {
    const points = new Float32Array(3 * this.frames);
    const frames = createFrames();
    for (let i = 0; i < this.frames; i++) {
      const joints = this.#part(i, this.#layout[kind], ROW - 1);
      points.set(forwardKinematics(joints, frames).tcpPosition, 3 * i);
    }
    return points;
  }

  #part(frame: number, offset: number, count: number): Float32Array {
    const from = frame * this.#layout.size + offset;
    return this.#numbers.subarray(from, from + count);
  }
}
